// CACHE TABLE, UNCACHE TABLE, CLEAR CACHE.
#include "base/text.h"
#include "commands/commands.h"

namespace firesteel::commands {
Result<logical::PlanPtr> Run(const unresolved::CacheTable& command, const Origin& origin, Context& context) {
  if (command.plan != nullptr) {
    FS_CHECK(Run(
        unresolved::CreateView{
            .name = command.name, .identifier = nullptr, .plan = command.plan, .columns = {}, .text = {}},
        origin, context));
  }
  FS_TRY(logical::PlanPtr plan, FindTable(command.name, origin, context));
  FS_CHECK(context.Persist(plan, command.lazy));
  return NoRows();
}

Result<logical::PlanPtr> Run(const unresolved::UncacheTable& command, const Origin& origin, Context& context) {
  FS_TRY(auto found, context.FindTable(command.name));
  if (!found && command.if_exists) return NoRows();
  FS_TRY(logical::PlanPtr plan, FindTable(command.name, origin, context));
  FS_CHECK(context.Unpersist(plan));
  return NoRows();
}

Result<logical::PlanPtr> Run(const unresolved::ClearCache&, const Origin&, Context& context) {
  context.UnpersistAll();
  return NoRows();
}

}  // namespace firesteel::commands
