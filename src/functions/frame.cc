// What only DataFrame relations call: show()'s text of a value, freqItems.
#include "functions/frame.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/cat.h"
#include "functions/cast.h"
#include "functions/lower.h"
#include "functions/sort_key.h"

namespace firesteel::functions {
namespace {

using Class = TypePattern::Class;

Result<std::shared_ptr<const void>> PrepareShownText(const KernelContext& context) {
  FS_TRY(auto text, CellText::Make(context.argument_types[0], context.time_zone, true, true));
  return std::shared_ptr<const void>(std::move(text));
}

std::string ShownText(const KernelContext& context, Cell cell) {
  std::string text;
  context.Prepared<CellText>().Append(cell, text);
  return text;
}

DataType ArrayOfFirst(std::span<const logical::ExprPtr> arguments) {
  return DataType::Array(arguments[0]->type, arguments[0]->nullable);
}

DataType StorageOfFirst(std::span<const logical::ExprPtr> arguments) {
  const DataType& type = arguments[0]->type;
  return type.Is(TypeId::kUdt) ? type.element() : type;
}

/// Counters of the values that came most, as many as there are (Karp, Shenker, Papadimitriou). What is counted depends on the order of
/// the rows. Arguments: the value's sort key, the value, how many counters.
struct FrequentItems {
  struct Item {
    Value value;
    int64_t count = 0;
  };
  std::map<std::optional<std::string>, Item> items;
  size_t counters = 0;

  Status Add(const KernelContext&, std::span<const InputVector> in, size_t row) {
    counters = static_cast<size_t>(in[2].At<int32_t>(row));
    const bool null = in[1].IsNull(row);
    Count(null ? std::nullopt : std::optional(std::string(in[0].StringAt(row))), [&] {
      return Item{null ? Value() : in[1].ValueAt(row), 1};
    });
    return {};
  }
  Status Merge(const KernelContext&, const FrequentItems& other) {
    counters = std::max(counters, other.counters);
    for (const auto& [key, item] : other.items) Count(key, [&item = item] { return item; });
    return {};
  }
  Status Finish(const KernelContext&, ResultCell result) const {
    uint64_t at = result.vector->AppendList(result.row, items.size());
    for (const auto& [key, item] : items) result.vector->child(0).SetValue(at++, item.value);
    return {};
  }

 private:
  template <typename Make>
  void Count(const std::optional<std::string>& key, const Make& make) {
    if (const auto found = items.find(key); found != items.end()) {
      found->second.count += make().count;
      return;
    }
    Item item = make();
    if (items.size() < counters) {
      items.emplace(key, std::move(item));
      return;
    }
    int64_t least = item.count;
    for (const auto& [other, counted] : items) least = std::min(least, counted.count);
    if (item.count > least || items.empty()) items.emplace(key, std::move(item));
    for (auto& [other, counted] : items) counted.count -= least;
    std::erase_if(items, [](const auto& entry) { return entry.second.count <= 0; });
  }
};

Result<std::string> LowerFrequentItems(const logical::Expr& call, std::span<const std::string> arguments,
                                       Lowering& lowering) {
  const DataType& type = std::get<logical::AggregateCall>(call.node).arguments[0]->type;
  FS_TRY(const std::string key, LowerKernel(kSortKey, {arguments[0]}, {type}, TypeId::kBinary, logical::EvalMode::kAnsi,
                                            call.origin, lowering));
  KernelContext context;
  context.argument_types = {TypeId::kBinary, type, TypeId::kInteger};
  context.constants.resize(3);
  context.result_type = call.type;
  return lowering.CallKernel(StateKernel<FrequentItems>(), {key, arguments[0], arguments[1]}, std::move(context));
}

}  // namespace

std::span<const Function> FrameFunctions() {
  static const std::vector<Function> rows = {
      {.name = "@shown_text",
       .arguments = {{Class::kAny}},
       .result = DataType(TypeId::kString),
       .runs = RowKernel<&ShownText>(&PrepareShownText),
       .doc = "The text that show() prints for a value.",
       .example = "@shown_text(array(1, NULL))"},
      {.name = "@product",
       .kind = Kind::kAggregate,
       .arguments = {{TypeId::kDouble}},
       .result = DataType(TypeId::kDouble),
       .nulls = Nulls::kMaybe,
       .runs = Sql{"product({0})"},
       .shown_as = "product",
       .doc = "The product of the values of a group.",
       .example = "@product(a)"},
      {.name = "@unwrap_udt",
       .arguments = {{Class::kAny}},
       .result = &StorageOfFirst,
       .runs = Sql{"{0}"},
       .shown_as = "unwrap_udt",
       .doc = "The value as it is stored.",
       .example = "@unwrap_udt(a)"},
      {.name = "@frequent_items",
       .kind = Kind::kAggregate,
       .arguments = {{Class::kAny}, {.type = TypeId::kInteger, .foldable = true}},
       .result = &ArrayOfFirst,
       .nulls = Nulls::kNever,
       .runs = &LowerFrequentItems,
       .whole_call = true,
       .doc = "The values that are more than one in so many.",
       .example = "@frequent_items(a, 100)"},
  };
  return rows;
}

}  // namespace firesteel::functions
