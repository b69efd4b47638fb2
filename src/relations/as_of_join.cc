// As-of joins: for each row of the left side the right side's row that is nearest by one value.
#include "base/text.h"
#include "plan/rewrite.h"
#include "relations/relations.h"

namespace firesteel::relations {
namespace {

using logical::JoinType;

Result<JoinType> TypeOf(const std::string& written) {
  std::string name = Lower(written);
  std::erase(name, '_');
  if (name.empty() || name == "inner") return JoinType::kInner;
  if (name == "left" || name == "leftouter") return JoinType::kLeftOuter;
  static constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
      {"outer", "FullOuter"},       {"full", "FullOuter"},    {"fullouter", "FullOuter"}, {"right", "RightOuter"},
      {"rightouter", "RightOuter"}, {"leftsemi", "LeftSemi"}, {"semi", "LeftSemi"},       {"leftanti", "LeftAnti"},
      {"anti", "LeftAnti"},         {"cross", "Cross"}};
  for (const auto& [other, shown] : kOthers) {
    if (name == other) return Requirement("Unsupported as-of join type " + std::string(shown));
  }
  return Error::Condition("UNSUPPORTED_JOIN_TYPE",
                          {{"typ", written},
                           {"supported",
                            "'inner', 'outer', 'full', 'fullouter', 'full_outer', 'leftouter', 'left', 'left_outer', "
                            "'rightouter', 'right', 'right_outer', 'leftsemi', 'left_semi', 'semi', 'leftanti', "
                            "'left_anti', 'anti', 'cross'"}});
}

class Conditions {
 public:
  Conditions(Resolver& resolver, const Origin& origin) : resolver_(resolver), origin_(origin) {}
  Result<ExprPtr> Call(std::string_view function, ExprPtr left, ExprPtr right) {
    return resolver_.Call(function, {std::move(left), std::move(right)}, origin_);
  }
  /// Both, where one may be missing.
  Result<ExprPtr> And(ExprPtr left, ExprPtr right) {
    if (!left) return right;
    return Call("and", std::move(left), std::move(right));
  }

 private:
  Resolver& resolver_;
  const Origin& origin_;
};

}  // namespace

Result<PlanPtr> Resolve(const unresolved::AsOfJoin& node, const unresolved::Relation& relation, Resolver& resolver) {
  const Origin& origin = relation.origin;
  FS_TRY(PlanPtr left, resolver.Resolve(node.left));
  FS_TRY(PlanPtr right, resolver.Resolve(node.right));
  FS_TRY(JoinType type, TypeOf(node.type));
  Conditions make(resolver, origin);
  logical::AsOfJoin join;
  PlanPtr sides[] = {left, right};
  if (node.condition) {
    FS_TRY(join.condition, resolver.Bind(node.condition, sides, Clause::kJoinCondition));
  }
  for (const std::string& name : node.using_columns) {
    FS_TRY(ExprPtr l, resolver.ColumnByName(QuoteIfNeeded(name), left, origin));
    FS_TRY(ExprPtr r, resolver.ColumnByName(QuoteIfNeeded(name), right, origin));
    FS_TRY(ExprPtr equal, make.Call("=", std::move(l), std::move(r)));
    FS_TRY(join.condition, make.And(join.condition, std::move(equal)));
  }
  FS_TRY(ExprPtr l, resolver.Bind(node.left_as_of, left, Clause::kOther));
  FS_TRY(ExprPtr r, resolver.Bind(node.right_as_of, right, Clause::kOther));
  const std::string direction = Lower(node.direction);
  const bool backward = direction == "backward", forward = direction == "forward";
  if (!backward && !forward && direction != "nearest") {
    return Error::Condition("AS_OF_JOIN.UNSUPPORTED_DIRECTION",
                            {{"direction", node.direction}, {"supported", "'forward', 'backward', 'nearest'"}});
  }
  const bool exact = node.allow_exact_matches;
  FS_TRY(ExprPtr after, make.Call("-", l, r));
  FS_TRY(ExprPtr before, make.Call("-", r, l));
  if (backward) {
    FS_TRY(join.as_of_condition, make.Call(exact ? ">=" : ">", l, r));
    join.distance = after;
  } else if (forward) {
    FS_TRY(join.as_of_condition, make.Call(exact ? "<=" : "<", l, r));
    join.distance = before;
  } else {
    FS_TRY(ExprPtr is_after, make.Call(">", l, r));
    FS_TRY(join.distance, resolver.Call("if", {std::move(is_after), after, before}, origin));
    if (exact) {
      join.as_of_condition = LiteralOf(Value(true), TypeId::kBoolean);
    } else {
      FS_TRY(ExprPtr equal, make.Call("=", l, r));
      FS_TRY(join.as_of_condition, resolver.Call("not", {std::move(equal)}, origin));
    }
  }
  if (node.tolerance) {
    FS_TRY(ExprPtr tolerance, resolver.Bind(node.tolerance, std::span<const PlanPtr>(), Clause::kConstant));
    if (!logical::IsFoldable(tolerance)) return Error::Condition("AS_OF_JOIN.TOLERANCE_IS_UNFOLDABLE");
    // Added to itself it does not shrink: that a tolerance is not negative, whatever its type.
    FS_TRY(ExprPtr twice, make.Call("+", tolerance, tolerance));
    FS_TRY(ExprPtr grows, make.Call(">=", std::move(twice), tolerance));
    FS_TRY(Value not_negative, resolver.Evaluate(grows));
    if (not_negative.IsNull() || !not_negative.As<bool>())
      return Error::Condition("AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE");
    if (!forward) {
      FS_TRY(ExprPtr least, make.Call("-", l, tolerance));
      FS_TRY(ExprPtr within, make.Call(">=", r, std::move(least)));
      FS_TRY(join.as_of_condition, make.And(join.as_of_condition, std::move(within)));
    }
    if (!backward) {
      FS_TRY(ExprPtr most, make.Call("+", l, tolerance));
      FS_TRY(ExprPtr within, make.Call("<=", r, std::move(most)));
      FS_TRY(join.as_of_condition, make.And(join.as_of_condition, std::move(within)));
    }
  }
  std::vector<Attribute> output = left->output;
  for (Attribute attribute : right->output) {
    attribute.nullable |= type == JoinType::kLeftOuter;
    output.push_back(std::move(attribute));
  }
  join.left = std::move(left);
  join.right = std::move(right);
  join.type = type;
  return logical::MakePlan(std::move(join), std::move(output), origin);
}

}  // namespace firesteel::relations
