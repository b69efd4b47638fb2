// Windows of time: the struct of a window's start and end. How rows come to have one is in relations/time_window.cc.
#include "base/cat.h"
#include "functions/aggregate_sql.h"
#include "functions/bind.h"
#include "functions/row.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using Class = TypePattern::Class;

/// Time, length, distance between two starts, offset of the starts (microseconds), how many windows back. Queries write fewer, as
/// text: those have been replaced where Spark takes them.
Result<DataType> BindWindow(CallSite& site) {
  if (site.arguments.size() != 5) return Error::Unsupported("window() but in a select list or GROUP BY", site.origin);
  const DataType& time = site.arguments[0]->type;
  return DataType::Struct({{"start", time}, {"end", time}});
}

Result<std::string> LowerWindow(const logical::Expr&, std::span<const std::string> arguments, Lowering&) {
  const std::string micros = Cat("epoch_us(", arguments[0], ")");
  const std::string since = Cat("(", micros, " - ", arguments[3], ")");
  const std::string rest = Cat("((", since, " % ", arguments[2], " + ", arguments[2], ") % ", arguments[2], ")");
  const std::string start = Cat("(", micros, " - ", rest, " - ", arguments[4], " * ", arguments[2], ")");
  return Cat("struct_pack(\"start\" := make_timestamp(", start, "), \"end\" := make_timestamp(", start, " + ",
             arguments[1], "))");
}

Result<DataType> BindWindowTime(CallSite& site) {
  const DataType& type = site.arguments[0]->type;
  const bool window = type.Is(TypeId::kStruct) && type.fields().size() == 2 && type.fields()[1].name == "end" &&
                      (type.fields()[1].type.Is(TypeId::kTimestamp) || type.fields()[1].type.Is(TypeId::kTimestampNtz));
  if (!window) return UnexpectedInputType(site, 0, "\"STRUCT\"");
  return type.fields()[1].type;
}

/// A start and an end: what relations/time_window.cc makes of a timestamp and a gap.
Result<DataType> BindSessionWindow(CallSite& site) {
  const DataType& time = site.arguments[0]->type;
  if (!time.IsDateOrTimestamp() || !site.arguments[1]->type.SameType(time))
    return Error::Unsupported("session_window() but in a select list or GROUP BY", site.origin);
  return DataType::Struct({{"start", time}, {"end", time}});
}

std::vector<Function> Rows() {
  const Function shared{.group = "datetime_funcs", .since = "2.0.0"};
  Function window = RowOf(shared, "window", {{Class::kAny}, {.type = Class::kAny, .repeated = true}}, {}, &LowerWindow,
                          "The window of time that a timestamp falls in.", "window(time, '5 minutes')");
  window.bind = &BindWindow;
  window.nulls = Nulls::kNever;
  Function time =
      RowOf(shared, "window_time", {{Class::kAny}}, {}, Sql{"make_timestamp(epoch_us(struct_extract({0}, 'end')) - 1)"},
            "The last microsecond of a window of time.", "window_time(window)");
  time.bind = &BindWindowTime;
  time.since = "3.4.0";
  Function session =
      RowOf(shared, "session_window", {{Class::kAny}, {Class::kAny}}, {},
            Sql{"struct_pack(\"start\" := {0}, \"end\" := {1})"},
            "The window of events that follow each other within a gap.", "session_window(time, '5 minutes')");
  session.bind = &BindSessionWindow;
  session.nulls = Nulls::kNever;
  session.since = "3.2.0";
  return {std::move(window), std::move(time), std::move(session)};
}

}  // namespace

std::span<const Function> TimeWindowFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
