// Relations whose data the server holds already: local rows that came as artifacts, plans kept under an id; and show(), observe().
#include <spark/connect/relations.pb.h>

#include <cstdlib>

#include "base/text.h"
#include "relations/relations.h"

namespace firesteel::relations {

Result<PlanPtr> Resolve(const unresolved::CachedLocalRelation& node, const unresolved::Relation& relation,
                        Resolver& resolver) {
  if (!node.chunked) {  // the artifact is the LocalRelation's message
    if (node.data_hashes.size() != 1) return Error::Internal("a cached local relation without its hash");
    FS_TRY(std::string bytes, resolver.environment().CachedArtifact(node.data_hashes[0]));
    spark::connect::LocalRelation message;
    if (!message.ParseFromString(bytes)) {
      return Error::Condition("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "not a LocalRelation"}})
          .As(ErrorClass::kConnect);
    }
    unresolved::LocalRelation local{message.has_data() ? message.data() : "",
                                    message.has_schema() ? message.schema() : ""};
    return Resolve(local, relation, resolver);
  }
  std::string schema;
  if (!node.schema_hash.empty()) {
    FS_TRY(schema, resolver.environment().CachedArtifact(node.schema_hash));
  }
  PlanPtr all;
  std::vector<PlanPtr> parts;
  const int64_t bytes_max = std::strtoll(
      resolver.environment().Configuration("spark.sql.session.localRelationSizeLimit").c_str(), nullptr, 10);
  int64_t bytes = 0;
  for (const std::string& hash : node.data_hashes) {
    unresolved::LocalRelation local;
    FS_TRY(local.arrow_ipc, resolver.environment().CachedArtifact(hash));
    bytes += static_cast<int64_t>(local.arrow_ipc.size());
    if (bytes_max > 0 && bytes > bytes_max) {
      return Error::Condition("CONNECT_INVALID_PLAN.LOCAL_RELATION_SIZE_LIMIT_EXCEEDED",
                              {{"actualSize", std::to_string(bytes)}, {"limit", std::to_string(bytes_max)}})
          .As(ErrorClass::kConnect);
    }
    local.schema = schema;
    FS_TRY(PlanPtr part, Resolve(local, relation, resolver));
    parts.push_back(std::move(part));
  }
  if (parts.empty()) return Resolve(unresolved::LocalRelation{"", schema}, relation, resolver);
  if (parts.size() == 1) return parts[0];
  std::vector<Attribute> output = parts[0]->output;
  for (Attribute& attribute : output) attribute.id = logical::NewAttributeId();
  return logical::MakePlan(logical::SetOperation{std::move(parts), logical::SetOperator::kUnion, true},
                           std::move(output), relation.origin);
}

Result<PlanPtr> Resolve(const unresolved::CachedRemoteRelation& node, const unresolved::Relation&, Resolver& resolver) {
  FS_TRY(PlanPtr plan, resolver.environment().CachedRemote(node.relation_id));
  return resolver.WithFreshIds(plan);
}

namespace {

Result<PlanPtr> Show(const unresolved::RelationPtr& shown, logical::ShowString show, const Origin& origin,
                     Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(shown));
  std::vector<ExprPtr> columns;
  for (const Attribute& attribute : input->output) {
    ExprPtr text = ColumnOf(attribute);
    if (!attribute.type.Is(TypeId::kString)) {  // NULLs stay, the printer knows them
      FS_TRY(text, resolver.Call("@shown_text", {text}, origin));
    }
    columns.push_back(Named(std::move(text), attribute.name));
  }
  PlanPtr texts = ProjectTo(std::move(input), std::move(columns), origin);
  show.rows = std::max(show.rows, 0);
  show.input = Over(logical::Limit{texts, int64_t{show.rows} + 1, 0}, texts, origin);
  Attribute output{
      logical::NewAttributeId(), show.html ? "html_string" : "show_string", TypeId::kString, false, "{}", {}};
  return logical::MakePlan(std::move(show), {std::move(output)}, origin);
}

}  // namespace

Result<PlanPtr> Resolve(const unresolved::ShowString& node, const unresolved::Relation& relation, Resolver& resolver) {
  return Show(node.input, {nullptr, node.rows, node.truncate, node.vertical, false}, relation.origin, resolver);
}

Result<PlanPtr> Resolve(const unresolved::HtmlString& node, const unresolved::Relation& relation, Resolver& resolver) {
  return Show(node.input, {nullptr, node.rows, node.truncate, false, true}, relation.origin, resolver);
}

Result<PlanPtr> Resolve(const unresolved::CollectMetrics& node, const unresolved::Relation& relation,
                        Resolver& resolver) {
  FS_TRY(PlanPtr input, resolver.Resolve(node.input));
  FS_TRY(std::vector<ExprPtr> metrics, resolver.BindList(node.metrics, input, Clause::kMetrics));
  return Over(logical::CollectMetrics{input, node.name, relation.plan_id, std::move(metrics)}, input, relation.origin);
}

}  // namespace firesteel::relations
