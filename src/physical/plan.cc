// Plans to SELECTs, one Node function for each logical node.
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <cmath>

#include "base/cat.h"
#include "base/text.h"
#include "physical/generator.h"
#include "physical/plain_join.h"
#include "physical/scan_sql.h"
#include "plan/rewrite.h"

namespace firesteel::physical {

using logical::Attribute;
using logical::ExprPtr;

namespace {

/// The id that an output expression (Column or Alias) defines.
logical::AttributeId OutputId(const ExprPtr& expr) {
  if (const auto* alias = std::get_if<logical::Alias>(&expr->node)) return alias->output.id;
  return std::get<logical::Column>(expr->node).id;
}

/// Whether a node of kind T stands anywhere in the expression.
template <typename T>
bool Holds(const logical::Expr& expr) {
  return std::holds_alternative<T>(expr.node) ||
         std::ranges::any_of(logical::Children(expr), [](const ExprPtr& child) { return Holds<T>(*child); });
}

bool IsTrue(const ExprPtr& expr) {
  const auto* literal = std::get_if<logical::Literal>(&expr->node);
  return literal != nullptr && !literal->value.IsNull() && literal->value.As<bool>();
}

std::string_view JoinWord(logical::JoinType type) {
  switch (type) {
    case logical::JoinType::kInner:
      return "INNER JOIN";
    case logical::JoinType::kCross:
      return "CROSS JOIN";
    case logical::JoinType::kFullOuter:
      return "FULL JOIN";
    case logical::JoinType::kLeftOuter:
      return "LEFT JOIN";
    case logical::JoinType::kRightOuter:
      return "RIGHT JOIN";
    case logical::JoinType::kLeftSemi:
      return "SEMI JOIN";
    case logical::JoinType::kLeftAnti:
      return "ANTI JOIN";
  }
  return "";
}

/// Whether equal values of the type may differ: 0.0 and -0.0, maps whose entries stand in different orders.
bool NeedsGroupKey(const DataType& type) {
  switch (type.id()) {
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kMap:
      return true;
    case TypeId::kArray:
      return NeedsGroupKey(type.element());
    case TypeId::kStruct:
      return std::ranges::any_of(type.fields(), [](const auto& field) { return NeedsGroupKey(field.type); });
    default:
      return false;
  }
}

/// The value that stands for all equal ones where rows are grouped: -0.0 equals 0.0, and Spark answers 0.0; a map's entries are sorted.
std::string GroupKey(const std::string& sql, const DataType& type, int depth = 0) {
  if (!NeedsGroupKey(type)) return sql;
  if (type.Is(TypeId::kArray)) {
    const std::string element = Cat("k", depth);
    return Cat("list_transform(", sql, ", lambda ", element, ": ", GroupKey(element, type.element(), depth + 1), ")");
  }
  if (type.Is(TypeId::kStruct)) {
    std::vector<std::string> fields;
    for (size_t i = 0; i < type.fields().size(); ++i)
      fields.push_back(GroupKey(Cat("struct_extract_at(", sql, ", ", i + 1, ")"), type.fields()[i].type, depth));
    return Cat("CASE WHEN ", sql, " IS NOT NULL THEN CAST(row(", Join(fields, ", "), ") AS ", functions::DuckType(type),
               ") END");
  }
  if (type.Is(TypeId::kMap)) {
    const std::string entry = Cat("k", depth);
    std::string entries = Cat("map_entries(", sql, ")");
    if (NeedsGroupKey(type.key()) || NeedsGroupKey(type.value())) {
      entries = Cat("list_transform(", entries, ", lambda ", entry,
                    ": struct_pack(key := ", GroupKey(Cat(entry, ".key"), type.key(), depth + 1),
                    ", value := ", GroupKey(Cat(entry, ".value"), type.value(), depth + 1), "))");
    }
    return Cat("map_from_entries(list_sort(", entries, "))");
  }
  return Cat("(", sql, " + CAST(0 AS ", functions::DuckType(type), "))");
}

/// Makes `columns` of the block group keys, see GroupKey.
void GroupKeys(Block& block, const std::vector<Attribute>& columns) {
  for (const Attribute& column : columns) {
    if (!NeedsGroupKey(column.type)) continue;
    for (auto& [id, text] : block.select) {
      if (id == column.id) text = GroupKey(text, column.type);
    }
    block.plain = false;
  }
}

std::string_view SetWord(logical::SetOperator op) {
  switch (op) {
    case logical::SetOperator::kUnion:
      return "UNION";
    case logical::SetOperator::kIntersect:
      return "INTERSECT";
    case logical::SetOperator::kExcept:
      return "EXCEPT";
  }
  return "";
}

}  // namespace

std::string ColumnName(logical::AttributeId id) { return Cat("c", id); }

Result<Query> Generator::Run(const logical::PlanPtr& plan) {
  FS_TRY(Block block, Plan(plan));
  query_.output = plan->output;
  query_.sql = Text(block);
  return std::move(query_);
}

Result<Block> Generator::Plan(const logical::PlanPtr& plan) {
  return std::visit([&](const auto& node) { return Node(node, *plan); }, plan->node);
}

Block Generator::FromItem(std::string from, const std::vector<Attribute>& output) {
  Block block;
  block.from = std::move(from);
  for (const auto& column : output) block.select.emplace_back(column.id, ColumnName(column.id));
  return block;
}

std::string Generator::Text(const Block& block) const {
  if (!block.whole.empty()) return block.whole;
  std::string sql = block.distinct ? "SELECT DISTINCT " : "SELECT ";
  if (block.select.empty()) sql += "true AS no_columns";
  bool first = true;
  for (const auto& [id, text] : block.select) {
    std::string name = ColumnName(id);
    Append(sql, first ? "" : ", ", text);
    if (text != name) Append(sql, " AS ", name);
    first = false;
  }
  if (!block.from.empty()) Append(sql, " FROM ", block.from);
  if (!block.where.empty()) Append(sql, " WHERE ", Join(block.where, " AND "));
  if (!block.group_by.empty()) Append(sql, " GROUP BY ", block.group_by);
  if (!block.order_by.empty()) Append(sql, " ORDER BY ", block.order_by);
  Append(sql, block.limit);
  return sql;
}

std::string Generator::AsFrom(const Block& block) {
  if (block.plain && !block.Closed() && block.where.empty() && block.order_by.empty() && block.limit.empty() &&
      !block.from.empty())
    return block.from;
  return Cat("(", Text(block), ") AS ", Fresh("t"));
}

Block Generator::Wrap(const Block& block) {
  Block outer;
  outer.from = AsFrom(block);
  for (const auto& [id, text] : block.select) outer.select.emplace_back(id, ColumnName(id));
  return outer;
}

Result<Block> Generator::Node(const logical::OneRow&, const logical::Plan&) { return Block{}; }

Result<Block> Generator::Node(const logical::LocalRelation& local, const logical::Plan& plan) {
  std::string name = Cat("fs_local_", local.table->content_hash());
  query_.tables.push_back({name, local.table});
  Block block;
  block.plain = false;
  block.from = std::move(name);
  for (size_t i = 0; i < plan.output.size(); ++i) block.select.emplace_back(plan.output[i].id, Cat("c", i));
  return Wrap(block);
}

Result<Block> Generator::Node(const logical::Values& values, const logical::Plan& plan) {
  std::string sql = "(VALUES ";
  for (size_t r = 0; r < values.rows.size(); ++r) {
    sql += r == 0 ? "(" : ", (";
    for (size_t i = 0; i < values.rows[r].size(); ++i) {
      FS_TRY(std::string cell, Sql(values.rows[r][i]));
      Append(sql, i == 0 ? "" : ", ", cell);
    }
    sql += ")";
  }
  Append(sql, ") AS ", Fresh("v"), "(",
         absl::StrJoin(plan.output, ", ", [](std::string* out, const Attribute& a) { *out += ColumnName(a.id); }), ")");
  if (values.rows.empty() || plan.output.empty()) {
    // No rows, or rows without columns: DuckDB has no VALUES for these.
    Block block;
    block.from = Cat("range(", plan.output.empty() ? values.rows.size() : 0, ") AS ", Fresh("v"));
    block.plain = false;
    for (const auto& column : plan.output)
      block.select.emplace_back(column.id, Cat("CAST(NULL AS ", functions::DuckType(column.type), ")"));
    return Wrap(block);
  }
  return FromItem(std::move(sql), plan.output);
}

Result<Block> Generator::Node(const logical::Range& range, const logical::Plan& plan) {
  return FromItem(Cat("range(CAST(", range.start, " AS BIGINT), CAST(", range.end, " AS BIGINT), CAST(", range.step,
                      " AS BIGINT)) AS ", Fresh("r"), "(", ColumnName(plan.output[0].id), ")"),
                  plan.output);
}

Result<Block> Generator::Node(const logical::Scan& scan, const logical::Plan& plan) {
  FS_TRY(std::string sql, ScanSql(scan, plan, options_, *this));
  if (scan.format == "parquet")
    query_.parquet_files.insert(query_.parquet_files.end(), scan.files.begin(), scan.files.end());
  return FromItem(Cat("(", sql, ") AS ", Fresh("s")), plan.output);
}

Result<Block> Generator::Node(const logical::Project& whole, const logical::Plan&) {
  const logical::Project project = subquery_depth_ > 0 ? WithPlainWindows(whole) : whole;
  FS_TRY(Block block, Plan(project.input));
  bool windows =
      std::ranges::any_of(project.expressions, [](const ExprPtr& e) { return Holds<logical::WindowCall>(*e); });
  if (!block.plain || block.Closed() || (windows && !block.limit.empty())) block = Wrap(block);
  block.select.clear();
  block.plain = true;
  for (const auto& expr : project.expressions) {
    FS_TRY(std::string sql, Sql(expr));
    block.plain = block.plain && sql == ColumnName(OutputId(expr));
    block.select.emplace_back(OutputId(expr), std::move(sql));
  }
  return block;
}

Result<Block> Generator::Node(const logical::Filter& filter, const logical::Plan&) {
  FS_TRY(Block block, Plan(filter.input));
  if (IsTrue(filter.condition)) return block;
  if (!block.plain || block.Closed() || !block.limit.empty()) block = Wrap(block);
  FS_TRY(std::string sql, ConditionSql(filter.condition));
  block.where.push_back(std::move(sql));
  return block;
}

Result<Block> Generator::Node(const logical::Join& whole, const logical::Plan& plan) {
  const logical::Join join = WithPlainCondition(whole);
  const bool semi = join.type == logical::JoinType::kLeftSemi || join.type == logical::JoinType::kLeftAnti;
  const bool full = join.type == logical::JoinType::kFullOuter;
  if ((semi || full) && subquery_depth_ > 0 && (ReadsOuterColumns(join.left) || ReadsOuterColumns(join.right)))
    return semi ? SemiJoinAsFilter(join, plan) : FullJoinAsUnion(join, plan);
  FS_TRY(Block left, Plan(join.left));
  FS_TRY(Block right, join.lateral ? InnerPlan(join.right) : Plan(join.right));
  bool bare = right.plain && !right.Closed() && right.where.empty() && right.order_by.empty() && right.limit.empty();
  bool joined = std::holds_alternative<logical::Join>(join.right->node) && bare;
  std::string right_sql = join.lateral ? Cat("LATERAL (", Text(right), ") AS ", Fresh("t"))
                          : joined     ? Cat("(", right.from, ")")
                                       : AsFrom(right);
  std::string condition;
  if (join.condition != nullptr && !IsTrue(join.condition)) {
    FS_TRY(condition, Sql(join.condition));
  }
  auto type = join.type;
  if (type == logical::JoinType::kInner && condition.empty()) type = logical::JoinType::kCross;
  if (type == logical::JoinType::kCross && !condition.empty()) type = logical::JoinType::kInner;
  std::string from = Cat(AsFrom(left), " ", JoinWord(type), " ", right_sql);
  if (type != logical::JoinType::kCross) Append(from, " ON ", condition.empty() ? "true" : condition);
  return FromItem(std::move(from), plan.output);
}

Result<Block> Generator::Node(const logical::AsOfJoin& join, const logical::Plan& plan) {
  FS_TRY(Block left, Plan(join.left));
  FS_TRY(Block right, Plan(join.right));
  Block nearest = Wrap(right);
  if (join.condition != nullptr) {
    FS_TRY(std::string condition, Sql(join.condition));
    nearest.where.push_back(std::move(condition));
  }
  FS_TRY(std::string as_of, Sql(join.as_of_condition));
  nearest.where.push_back(std::move(as_of));
  FS_TRY(std::string distance, Sql(join.distance));
  nearest.order_by = Cat(distance, " ASC NULLS LAST");
  nearest.limit = " LIMIT 1";
  std::string from =
      Cat(AsFrom(left), join.type == logical::JoinType::kInner ? " INNER JOIN LATERAL (" : " LEFT JOIN LATERAL (",
          Text(nearest), ") AS ", Fresh("t"), " ON true");
  return FromItem(std::move(from), plan.output);
}

namespace {

bool DependsOnOrder(const ExprPtr& expr) {
  return logical::Any(expr, [](const logical::Expr& e) {
    const auto* call = std::get_if<logical::AggregateCall>(&e.node);
    return call != nullptr && call->order.empty() && call->function->takes_rows_in_order;
  });
}

}  // namespace

Result<Block> Generator::Node(const logical::Aggregate& aggregate, const logical::Plan&) {
  FS_TRY(Block block, Plan(aggregate.input));
  if (!block.plain || block.Closed() || !block.limit.empty()) block = Wrap(block);
  // Some answers are made of the rows as they come.
  const bool ordered = !block.order_by.empty() && std::ranges::any_of(aggregate.aggregates, DependsOnOrder);
  if (!ordered) block.order_by.clear();
  // Computed keys get their names below the aggregation, so that the output and grouping sets can refer to them.
  std::vector<std::string> keys;
  bool computed = false;
  for (const auto& key : aggregate.grouping) {
    keys.push_back(ColumnName(OutputId(key)));
    if (!std::holds_alternative<logical::Alias>(key->node) && !NeedsGroupKey(key->type)) continue;
    FS_TRY(std::string sql, Sql(key));
    std::erase_if(block.select, [&](const auto& column) { return column.first == OutputId(key); });
    block.select.emplace_back(OutputId(key), GroupKey(sql, key->type));
    computed = true;
  }
  if (computed || ordered) {
    block.plain = false;
    block = Wrap(block);
  }
  if (!aggregate.grouping_sets.empty()) {
    std::vector<std::string> sets;
    for (const auto& set : aggregate.grouping_sets) {
      sets.push_back(Cat(
          "(", absl::StrJoin(set, ", ", [&](std::string* out, int index) { *out += keys[static_cast<size_t>(index)]; }),
          ")"));
    }
    // A key that is in no set (GROUP BY a, b GROUPING SETS (a)) is known to DuckDB from one set more, whose groups go again.
    std::vector<bool> unused(keys.size(), true);
    for (const auto& set : aggregate.grouping_sets) {
      for (int index : set) unused[static_cast<size_t>(index)] = false;
    }
    const auto extra = std::ranges::find(unused, true);
    if (extra != unused.end()) sets.push_back(Cat("(", Join(keys, ", "), ")"));
    constexpr size_t kDuckDbSetsMax = 65535;
    if (sets.size() > kDuckDbSetsMax) {
      return Error::Unsupported(Cat("GROUP BY of more than ", kDuckDbSetsMax, " grouping sets"),
                                aggregate.grouping.front()->origin);
    }
    block.group_by = Cat("GROUPING SETS (", Join(sets, ", "), ")");
    // Spark makes a group of each row for each set: without rows not even the empty set has one beside others.
    std::vector<std::string> having;
    if (!keys.empty() && std::ranges::any_of(aggregate.grouping_sets, [](const auto& set) { return set.empty(); }))
      having.emplace_back("count(*) > 0");
    if (extra != unused.end())
      having.push_back(Cat("GROUPING(", keys[static_cast<size_t>(extra - unused.begin())], ") = 1"));
    if (!having.empty()) Append(block.group_by, " HAVING ", Join(having, " AND "));
    grouping_ids_[aggregate.grouping_id] =
        keys.empty() ? "CAST(0 AS BIGINT)" : Cat("CAST(GROUPING(", Join(keys, ", "), ") AS BIGINT)");
  } else {
    block.group_by = Join(keys, ", ");
  }
  block.select.clear();
  block.plain = false;
  for (const auto& expr : aggregate.aggregates) {
    FS_TRY(std::string sql, Sql(expr));
    block.select.emplace_back(OutputId(expr), std::move(sql));
  }
  grouping_ids_.erase(aggregate.grouping_id);  // above it is a column like others
  if (block.group_by.empty()) {
    // One row whatever the input: GROUP BY () says so even when no aggregate is left to say it.
    block.group_by = "GROUPING SETS (())";
    bool aggregates =
        std::ranges::any_of(aggregate.aggregates, [](const ExprPtr& e) { return Holds<logical::AggregateCall>(*e); });
    if (aggregates) block.group_by.clear();
  }
  return Wrap(block);
}

Result<Block> Generator::Node(const logical::Sort& sort, const logical::Plan&) {
  FS_TRY(Block block, Plan(sort.input));
  if (!block.plain || block.Closed() || !block.limit.empty() || !block.order_by.empty()) block = Wrap(block);
  FS_TRY(block.order_by, OrderKeys(sort.order, true));
  return block;
}

Result<Block> Generator::Node(const logical::Limit& limit, const logical::Plan&) {
  FS_TRY(Block block, Plan(limit.input));
  if (!block.limit.empty() || !block.whole.empty()) block = Wrap(block);
  if (limit.limit) absl::StrAppend(&block.limit, " LIMIT ", *limit.limit);
  if (limit.offset > 0) absl::StrAppend(&block.limit, " OFFSET ", limit.offset);
  return block;
}

Result<Block> Generator::Node(const logical::Tail& tail, const logical::Plan& plan) {
  FS_TRY(Block block, Plan(tail.input));
  Block numbered = Wrap(block);
  std::string number = Fresh("n");
  std::string inner = Text(numbered);
  // The input's own order counts: number the rows as they come, keep the last ones.
  std::string from = Cat("(SELECT *, row_number() OVER () AS ", number, ", count(*) OVER () AS ", number, "_all FROM (",
                         inner, ")) AS ", Fresh("t"));
  Block result = FromItem(std::move(from), plan.output);
  result.where.push_back(Cat(number, " > ", number, "_all - ", tail.limit));
  return Wrap(result);
}

Result<Block> Generator::Node(const logical::Distinct& distinct, const logical::Plan& plan) {
  FS_TRY(Block block, Plan(distinct.input));
  if (block.Closed() || !block.limit.empty()) block = Wrap(block);
  block.order_by.clear();
  if (block.select.empty()) {  // rows without columns: one of them stays
    block.limit = " LIMIT 1";
    return block;
  }
  GroupKeys(block, plan.output);
  block.distinct = true;
  return block;
}

Result<Block> Generator::Node(const logical::DistinctOn& distinct, const logical::Plan& plan) {
  FS_TRY(Block block, Plan(distinct.input));
  Block inner = Wrap(block);
  std::string keys =
      absl::StrJoin(distinct.keys, ", ", [](std::string* out, logical::AttributeId id) { *out += ColumnName(id); });
  if (keys.empty()) {
    inner.limit = " LIMIT 1";
    return inner;
  }
  Block result =
      FromItem(Cat("(SELECT DISTINCT ON (", keys, ") * FROM ", inner.from, ") AS ", Fresh("t")), plan.output);
  std::vector<Attribute> key_columns;
  std::ranges::copy_if(plan.output, std::back_inserter(key_columns),
                       [&](const Attribute& column) { return std::ranges::count(distinct.keys, column.id) != 0; });
  GroupKeys(result, key_columns);
  return result;
}

Result<Block> Generator::Node(const logical::SetOperation& set, const logical::Plan& plan) {
  std::string sql;
  for (size_t i = 0; i < set.inputs.size(); ++i) {
    FS_TRY(Block block, Plan(set.inputs[i]));
    Block branch = Wrap(block);
    branch.select.clear();
    const bool groups = !set.all || set.op != logical::SetOperator::kUnion;
    for (size_t c = 0; c < plan.output.size(); ++c) {
      std::string column = ColumnName(set.inputs[i]->output[c].id);
      branch.select.emplace_back(plan.output[c].id, groups ? GroupKey(column, plan.output[c].type) : column);
    }
    if (i > 0) Append(sql, " ", SetWord(set.op), set.all ? " ALL " : " ");
    Append(sql, "(", Text(branch), ")");
  }
  Block result;
  result.whole = std::move(sql);
  for (const auto& column : plan.output) result.select.emplace_back(column.id, ColumnName(column.id));
  return result;
}

Result<Block> Generator::Node(const logical::Generate& generate, const logical::Plan& plan) {
  FS_TRY(Block block, Plan(generate.input));
  if (!block.plain || block.Closed() || !block.limit.empty()) block = Wrap(block);
  // Generators lower to a list: of values for one column, of structs for more.
  FS_TRY(std::string list, Sql(generate.generator));
  if (generate.outer) list = Cat("(CASE WHEN len(", list, ") > 0 THEN ", list, " ELSE [NULL] END)");
  std::string row = Fresh("g");
  size_t kept = plan.output.size() - generate.generated.size();
  if (generate.generated.size() == 1) {
    block.select.emplace_back(generate.generated[0].id, Cat("unnest(", list, ")"));
    block.plain = false;
    return Wrap(block);
  }
  std::string inner_select = Cat("unnest(", list, ") AS ", row);
  std::string inner = "SELECT ";
  for (size_t i = 0; i < kept; ++i) Append(inner, ColumnName(plan.output[i].id), ", ");
  Append(inner, inner_select);
  if (!block.from.empty()) Append(inner, " FROM ", block.from);
  if (!block.where.empty()) Append(inner, " WHERE ", Join(block.where, " AND "));
  if (!block.order_by.empty()) Append(inner, " ORDER BY ", block.order_by);
  Block outer;
  outer.plain = false;
  outer.from = Cat("(", inner, ") AS ", Fresh("t"));
  for (size_t i = 0; i < kept; ++i) outer.select.emplace_back(plan.output[i].id, ColumnName(plan.output[i].id));
  for (size_t i = 0; i < generate.generated.size(); ++i)
    outer.select.emplace_back(generate.generated[i].id, Cat("struct_extract_at(", row, ", ", i + 1, ")"));
  return Wrap(outer);
}

Result<Block> Generator::Node(const logical::Expand& expand, const logical::Plan& plan) {
  FS_TRY(Block block, Plan(expand.input));
  if (!block.plain || block.Closed() || !block.limit.empty()) block = Wrap(block);
  std::vector<std::string> rows;
  for (const auto& projection : expand.projections) {
    std::vector<std::string> cells;
    for (size_t i = 0; i < projection.size(); ++i) {
      FS_TRY(std::string cell, Sql(projection[i]));
      cells.push_back(Cat(ColumnName(plan.output[i].id), " := ", cell));
    }
    rows.push_back(Cat("struct_pack(", Join(cells, ", "), ")"));
  }
  std::string row = Fresh("e");
  std::string inner = Cat("SELECT unnest([", Join(rows, ", "), "]) AS ", row);
  if (!block.from.empty()) Append(inner, " FROM ", block.from);
  if (!block.where.empty()) Append(inner, " WHERE ", Join(block.where, " AND "));
  Block outer;
  outer.plain = false;
  outer.from = Cat("(", inner, ") AS ", Fresh("t"));
  for (const auto& column : plan.output)
    outer.select.emplace_back(column.id, Cat("struct_extract(", row, ", '", ColumnName(column.id), "')"));
  return Wrap(outer);
}

Result<Block> Generator::Node(const logical::Sample& sample, const logical::Plan& plan) {
  FS_TRY(Block block, Plan(sample.input));
  Block inner = Wrap(block);
  // A hash of the row's number and the seed is the row's random number: the same in every part of a split.
  std::string draw = Fresh("u");
  std::string number = Cat("(hash(row_number() OVER (), ", sample.seed, ") >> 11)::DOUBLE / 9007199254740992.0");
  std::string from = Cat("(SELECT *, ", number, " AS ", draw, " FROM ", inner.from, ") AS ", Fresh("t"));
  Block result = FromItem(std::move(from), plan.output);
  if (!sample.with_replacement) {
    result.where.push_back(absl::StrFormat("%s >= %.17g::DOUBLE AND %s < %.17g::DOUBLE", draw, sample.lower_bound, draw,
                                           sample.upper_bound));
    return result;
  }
  // With replacement the number of copies follows Poisson's distribution: count the steps of its cumulated weights.
  const double mean = sample.upper_bound - sample.lower_bound;
  std::vector<std::string> steps;
  double weight = std::exp(-mean), cumulated = weight;
  for (int k = 1; k <= 1000 && cumulated < 1 - 1e-15; ++k) {
    steps.push_back(Cat(absl::StrFormat("%.17g", cumulated), "::DOUBLE"));
    weight *= mean / k;
    cumulated += weight;
  }
  std::string copies = Fresh("u");
  std::string list = Cat("range(len(list_filter([", Join(steps, ", "), "]::DOUBLE[], lambda w: w <= ", draw, ")))");
  result.select.clear();
  result.plain = false;
  std::string repeated = Cat("(SELECT *, unnest(", list, ") AS ", copies, " FROM ", result.from, ") AS ", Fresh("t"));
  return FromItem(std::move(repeated), plan.output);
}

Result<Block> Generator::Node(const logical::Repartition& repartition, const logical::Plan&) {
  return Plan(repartition.input);
}

Result<Block> Generator::Node(const logical::With& with, const logical::Plan& plan) {
  std::vector<std::string> definitions;
  bool recursive = false;
  for (const auto& table : with.tables) {
    std::string definition;
    if (table.recursive) {
      FS_TRY(definition, RecursiveSql(table));
      recursive = true;
    } else {
      FS_TRY(Block block, Plan(table.plan));
      definition = Text(block);
    }
    definitions.push_back(Cat("cte_", table.id, " AS (", definition, ")"));
  }
  FS_TRY(Block input, Plan(with.input));
  Block result;
  if (input.whole.starts_with("WITH ")) input = Wrap(input);  // WITH … WITH … is no query
  result.whole = Cat(recursive ? "WITH RECURSIVE " : "WITH ", Join(definitions, ", "), " ", Text(input));
  for (const auto& column : plan.output) result.select.emplace_back(column.id, ColumnName(column.id));
  return result;
}

// Every row carries its level and how many rows there were before that level. A step begins only if there are rows to go on from and
// somebody wants more, so a LIMIT above may end what has no end; the first thing that a step computes is whether it may begin.
Result<std::string> Generator::RecursiveSql(const logical::With::Table& table) {
  const auto* parts = std::get_if<logical::SetOperation>(&table.plan->node);
  if (parts == nullptr || parts->inputs.size() != 2)
    return Error::Internal("a recursive table that is no union of two");
  auto columns = [&](const logical::PlanPtr& input) {
    std::string names;
    for (size_t i = 0; i < input->output.size(); ++i)
      Append(names, ColumnName(input->output[i].id), " AS ", ColumnName(table.plan->output[i].id), ", ");
    return names;
  };
  auto guarded = [&](int64_t limit, std::string_view too_far, std::string_view condition, const char* parameter,
                     std::string value) {
    if (limit < 0) return value;
    Error error = Error::Condition(condition, {{parameter, std::to_string(limit)}}).As(ErrorClass::kSpark);
    return Cat("CASE WHEN ", value, too_far, limit, " THEN ", Fail(error, TypeId::kLong), " ELSE ", value, " END");
  };
  FS_TRY(Block anchor, Plan(parts->inputs[0]));
  FS_TRY(Block step, Plan(parts->inputs[1]));
  const std::string level =
      guarded(table.max_recursion_level, " > ", "RECURSION_LEVEL_LIMIT_EXCEEDED", "levelLimit", "any_value(fs_level)");
  const std::string rows =
      guarded(table.max_rows, " >= ", "RECURSION_ROW_LIMIT_EXCEEDED", "rowLimit", "(any_value(fs_rows) + count(*))");
  return Cat("(SELECT ", columns(parts->inputs[0]), "CAST(1 AS BIGINT) AS fs_level, CAST(0 AS BIGINT) AS fs_rows FROM ",
             AsFrom(anchor), ") UNION ALL (SELECT ", columns(parts->inputs[1]),
             "so_far.fs_level + 1, so_far.fs_rows FROM (SELECT ", level, " AS fs_level, ", rows,
             " AS fs_rows FROM cte_", table.id, ") AS so_far CROSS JOIN (", Text(step), ") AS ", Fresh("t"), ")");
}

Result<Block> Generator::Node(const logical::CteRef& ref, const logical::Plan& plan) {
  Block block;
  block.plain = false;
  block.from = Cat("cte_", ref.id);
  for (size_t i = 0; i < plan.output.size(); ++i)
    block.select.emplace_back(plan.output[i].id, ColumnName(ref.columns[i]));
  return Wrap(block);
}

Result<Block> Generator::Node(const logical::CachedTable& cached, const logical::Plan& plan) {
  Block block;
  block.plain = false;
  block.from = cached.table;
  for (size_t i = 0; i < plan.output.size(); ++i) block.select.emplace_back(plan.output[i].id, cached.columns[i]);
  return Wrap(block);
}

Result<Block> Generator::Node(const logical::CollectMetrics& metrics, const logical::Plan&) {
  return Plan(metrics.input);
}

Result<Block> Generator::Node(const logical::SubqueryAlias& alias, const logical::Plan&) { return Plan(alias.input); }

Result<Block> Generator::Node(const logical::ShowString&, const logical::Plan&) {
  return Error::Unsupported("show() below another operation");
}

Result<Query> Generate(const logical::PlanPtr& plan, const Options& options) { return Generator(options).Run(plan); }

}  // namespace firesteel::physical
