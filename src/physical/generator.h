#pragma once
// The state of one generation: logical tree in, DuckDB SQL out. Columns are called c<attribute id> everywhere, so every
// reference is unambiguous however deep; operators merge into one SELECT while that keeps the meaning.
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/function.h"
#include "physical/query.h"

namespace firesteel::physical {

/// One SELECT that is being put together.
struct Block {
  std::string from;                                                  ///< the FROM clause's content, or empty
  std::vector<std::string> where;                                    ///< conjuncts
  std::vector<std::pair<logical::AttributeId, std::string>> select;  ///< SQL of each output column
  bool plain = true;  ///< every column of `select` is handed through from `from` under its name
  bool distinct = false;
  std::string group_by;
  std::string order_by;
  std::string limit;
  std::string whole;  ///< when set: a complete query (set operations, VALUES), all else but select is unused

  bool Closed() const { return distinct || !group_by.empty() || !whole.empty(); }
};

class Generator final : public functions::Lowering {
 public:
  explicit Generator(const Options& options) : options_(options) {}

  Result<Query> Run(const logical::PlanPtr& plan);

  // functions::Lowering
  Result<std::string> Sql(const logical::ExprPtr& expr) override;
  Result<std::string> CallKernel(const functions::ScalarKernel& kernel, std::vector<std::string> arguments,
                                 functions::KernelContext context) override;
  Result<std::string> CallKernel(const functions::AggregateKernel& kernel, std::vector<std::string> arguments,
                                 functions::KernelContext context) override;
  std::string Fail(const Error& error, const DataType& type) override;
  Result<std::string> CastSql(std::string sql, const DataType& from, const DataType& to, logical::EvalMode mode,
                              const Origin& origin) override;
  std::string LiteralSql(const Value& value, const DataType& type) override;
  const std::string& time_zone() const override { return options_.time_zone; }
  bool narrow_decimals() const override { return options_.narrow_decimals; }
  bool precise_errors() const override { return options_.precise_errors; }

 private:
  Result<Block> Plan(const logical::PlanPtr& plan);
  Result<Block> Node(const logical::OneRow&, const logical::Plan&);
  Result<Block> Node(const logical::LocalRelation&, const logical::Plan&);
  Result<Block> Node(const logical::Values&, const logical::Plan&);
  Result<Block> Node(const logical::Range&, const logical::Plan&);
  Result<Block> Node(const logical::Scan&, const logical::Plan&);
  Result<Block> Node(const logical::Project&, const logical::Plan&);
  Result<Block> Node(const logical::Filter&, const logical::Plan&);
  Result<Block> Node(const logical::Join&, const logical::Plan&);
  Result<Block> Node(const logical::AsOfJoin&, const logical::Plan&);
  Result<Block> Node(const logical::Aggregate&, const logical::Plan&);
  Result<Block> Node(const logical::Sort&, const logical::Plan&);
  Result<Block> Node(const logical::Limit&, const logical::Plan&);
  Result<Block> Node(const logical::Tail&, const logical::Plan&);
  Result<Block> Node(const logical::Distinct&, const logical::Plan&);
  Result<Block> Node(const logical::DistinctOn&, const logical::Plan&);
  Result<Block> Node(const logical::SetOperation&, const logical::Plan&);
  Result<Block> Node(const logical::Generate&, const logical::Plan&);
  Result<Block> Node(const logical::Expand&, const logical::Plan&);
  Result<Block> Node(const logical::Sample&, const logical::Plan&);
  Result<Block> Node(const logical::Repartition&, const logical::Plan&);
  Result<Block> Node(const logical::With&, const logical::Plan&);
  Result<Block> Node(const logical::CteRef&, const logical::Plan&);
  Result<Block> Node(const logical::CachedTable&, const logical::Plan&);
  Result<Block> Node(const logical::CollectMetrics&, const logical::Plan&);
  Result<Block> Node(const logical::SubqueryAlias&, const logical::Plan&);
  Result<Block> Node(const logical::ShowString&, const logical::Plan&);

  Result<Block> SemiJoinAsFilter(const logical::Join& join, const logical::Plan& plan);
  Result<Block> FullJoinAsUnion(const logical::Join& join, const logical::Plan& plan);
  Result<std::string> RecursiveSql(const logical::With::Table& table);
  Result<std::string> ExprSql(const logical::Expr& expr);
  Result<std::string> CallSql(const logical::Expr& call, const std::vector<logical::ExprPtr>& arguments,
                              std::string_view over);
  Result<std::string> WindowSql(const logical::WindowCall& window);
  /// `of_rows`: of a sort whose keys are put out too.
  Result<std::string> OrderKeys(const std::vector<logical::SortKey>& keys, bool of_rows = false);
  Result<Block> InnerPlan(const logical::PlanPtr& plan);  ///< the plan of a query inside of an expression
  Result<std::string> SubquerySql(const logical::Expr& expr, const logical::Subquery& subquery);
  Result<std::string> InSubquerySql(const logical::Subquery& subquery, bool negated);
  Result<std::string> InSubqueryValue(const logical::Expr& expr, const logical::Subquery& subquery, bool negated);
  /// As Sql where only true counts: conditions of filters.
  Result<std::string> ConditionSql(const logical::ExprPtr& condition);
  Result<std::string> Chain(const logical::Expr& expr, const functions::Function* function);
  template <typename Kernel>
  Result<std::string> Use(const Kernel& kernel, std::vector<std::string> arguments, functions::KernelContext context);

  std::string Text(const Block& block) const;  ///< the whole SELECT
  std::string AsFrom(const Block& block);      ///< as an item of a FROM clause
  Block Wrap(const Block& block);              ///< a plain block on top of it
  std::string Fresh(std::string_view prefix) { return std::string(prefix) + std::to_string(++names_); }
  static Block FromItem(std::string from, const std::vector<logical::Attribute>& output);

  Options options_;
  Query query_;
  int subquery_depth_ = 0;  ///< queries inside of expressions around what is being made
  int64_t names_ = 0;
  std::map<logical::AttributeId, std::string>
      grouping_ids_;                            ///< SQL of the grouping id columns of the aggregates around
  std::map<std::string, size_t> kernel_index_;  ///< by content, so that equal calls share one registration
};

std::string ColumnName(logical::AttributeId id);
/// (a AND b AND c) for the word " AND ", in a form that DuckDB reads in time linear in the number of terms.
std::string Chained(std::span<const std::string> terms, std::string_view word);

}  // namespace firesteel::physical
