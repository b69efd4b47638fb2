// Relations that read: tables, files, SQL text, local data, ranges, table functions, the catalog.
#include "proto/invalid_plan.h"
#include "proto/relations.h"
#include "proto/type_proto.h"
#include "sql/parser.h"

namespace firesteel::proto {

using unresolved::ExprPtr;
using unresolved::RelationPtr;

RelationResult From(const connect::Read& message, const Place& place) {
  switch (message.read_type_case()) {
    case connect::Read::kNamedTable: {
      unresolved::ReadTable out;
      FS_TRY(out.name, sql::ParseMultipartIdentifier(message.named_table().unparsed_identifier()));
      out.options = {message.named_table().options().begin(), message.named_table().options().end()};
      out.is_streaming = message.is_streaming();
      return place.Make(std::move(out));
    }
    case connect::Read::kDataSource: {
      const auto& source = message.data_source();
      if (source.predicates_size() > 0 && source.format() != "jdbc") {
        return InvalidPlan("PREDICATES_NOT_SUPPORTED_FOR_DATA_SOURCE", {{"format", source.format()}});
      }
      if (message.is_streaming() && source.paths_size() > 1) {
        return InvalidPlan("MULTIPLE_PATHS_NOT_SUPPORTED_FOR_STREAMING_SOURCE");
      }
      unresolved::ReadSource out;
      out.format = source.format();
      out.schema = source.schema();
      out.options = {source.options().begin(), source.options().end()};
      out.paths = StringsOf(source.paths());
      out.predicates = StringsOf(source.predicates());
      out.is_streaming = message.is_streaming();
      return place.Make(std::move(out));
    }
    case connect::Read::READ_TYPE_NOT_SET:
      break;
  }
  return OneOfNotSet(connect::Read::descriptor(), "READTYPE_NOT_SET");
}

Result<unresolved::SqlQuery> SqlFromProto(const connect::SQL& message) {
  unresolved::SqlQuery out;
  out.text = message.query();
  for (const auto& [name, argument] : message.args()) {
    FS_TRY(unresolved::Literal literal, LiteralFromProto(argument));
    out.named_arguments[name] = unresolved::MakeExpr(std::move(literal));
  }
  for (const auto& argument : message.pos_args()) {
    FS_TRY(unresolved::Literal literal, LiteralFromProto(argument));
    out.positional_arguments.push_back(unresolved::MakeExpr(std::move(literal)));
  }
  for (const auto& [name, argument] : message.named_arguments()) {
    FS_TRY(ExprPtr expression, ExpressionFromProto(argument));
    out.named_arguments[name] = std::move(expression);
  }
  if (message.pos_arguments_size() > 0) {
    FS_TRY(out.positional_arguments, ExpressionsFromProto(message.pos_arguments()));
  }
  return out;
}

RelationResult From(const connect::SQL& message, const Place& place) {
  FS_TRY(unresolved::SqlQuery out, SqlFromProto(message));
  return place.Make(std::move(out));
}

RelationResult From(const connect::LocalRelation& message, const Place& place) {
  if (message.data().empty() && message.schema().empty()) return InvalidPlan("SCHEMA_REQUIRED_FOR_LOCAL_RELATION");
  return place.Make(unresolved::LocalRelation{message.data(), message.schema()});
}

RelationResult From(const connect::ChunkedCachedLocalRelation& message, const Place& place) {
  return place.Make(unresolved::CachedLocalRelation{StringsOf(message.datahashes()), message.schemahash(), true});
}

RelationResult From(const connect::Range& message, const Place& place) {
  unresolved::Range out;
  if (message.has_start()) out.start = message.start();
  out.end = message.end();
  out.step = message.step();
  if (message.has_num_partitions()) out.partitions = message.num_partitions();
  return place.Make(std::move(out));
}

RelationResult From(const connect::UnresolvedTableValuedFunction& message, const Place& place) {
  unresolved::TableFunction out;
  out.name = {message.function_name()};
  FS_TRY(out.arguments, ExpressionsFromProto(message.arguments()));
  return place.Make(std::move(out));
}

RelationResult From(const connect::Parse& message, const Place& place) {
  unresolved::Parse out;
  FS_TRY(out.input, RelationFromProto(message.input()));
  switch (message.format()) {
    case connect::Parse::PARSE_FORMAT_CSV:
      out.format = "csv";
      break;
    case connect::Parse::PARSE_FORMAT_JSON:
      out.format = "json";
      break;
    case connect::Parse::PARSE_FORMAT_XML:
      out.format = "xml";
      break;
    default:
      return InvalidEnum(connect::Parse::ParseFormat_descriptor(), message.format());
  }
  if (message.has_schema()) {
    FS_TRY(out.schema, TypeFromProto(message.schema()));
  }
  out.options = {message.options().begin(), message.options().end()};
  return place.Make(std::move(out));
}

}  // namespace firesteel::proto
