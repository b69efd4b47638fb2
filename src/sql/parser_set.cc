// SET and RESET: their keys and values are read from the text itself, not from tokens.
#include "base/text.h"
#include "sql/parser_state.h"

namespace firesteel::sql {
namespace {

bool IsKeyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == ':' || c == '\\';
}

size_t KeyLength(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && IsKeyCharacter(text[length])) ++length;
  return length;
}

}  // namespace

Result<Command> Parser::Set() {
  size_t first = pos_++;
  Tok next = Kind(1);
  if (Is(Tok::kTime) && next == Tok::kZone) return SetTimeZone(first);
  bool variable = IsAny(Tok::kVariable, Tok::kVar) && (IsIdentifierAt(pos_ + 1) || next == Tok::kLeftParen);
  if (variable) return SetVariable(first);
  if (Is(Tok::kCatalog) && StartsExpressionAt(pos_ + 1)) return Unsupported("SET CATALOG", first);
  if (Is(Tok::kRole)) return Unsupported("SET ROLE", first);
  if (Is(Tok::kPath) && next == Tok::kEq) return Unsupported("SET PATH", first);

  unresolved::SetConfiguration set;
  if (Is(Tok::kBackQuoted) || (Is(Tok::kDoubleQuoted) && IsIdentifier())) {
    bool plain = next == Tok::kEq || next == Tok::kEndOfInput || next == Tok::kSemicolon;
    if (plain) {
      set.key = IdentifierText(pos_++);
      if (Accept(Tok::kEq)) {
        bool quoted = Is(Tok::kBackQuoted) && (Kind(1) == Tok::kEndOfInput || Kind(1) == Tok::kSemicolon);
        set.value = quoted ? IdentifierText(pos_) : RestOfText();
        SkipToEnd();
      }
      return MakeCommand(std::move(set), first);
    }
  }
  size_t value_at = pos_;
  std::string text = RestOfText();
  size_t key_length = KeyLength(text);
  std::string_view rest = std::string_view(text).substr(key_length);
  std::string_view trimmed = TrimControls(rest);
  if (text.empty()) return MakeCommand(std::move(set), first);
  if (text == "-v") {
    set.verbose = true;
    return MakeCommand(std::move(set), first);
  }
  bool has_value = key_length > 0 && !trimmed.empty() && trimmed[0] == '=';
  if (key_length == 0 || (!trimmed.empty() && !has_value) ||
      (has_value && trimmed.find(';') != std::string_view::npos)) {
    return ConditionAt("INVALID_SET_SYNTAX", {}, first);
  }
  set.key = text.substr(0, key_length);
  if (has_value) {
    std::string_view value = TrimControls(trimmed.substr(1));
    // SET key = `value`
    bool quoted = value.size() >= 2 && KindAt(pos_ - 1) == Tok::kBackQuoted && value.front() == '`';
    for (size_t i = value_at; quoted && i < pos_; ++i) {
      if (KindAt(i) == Tok::kEq) {
        quoted = i + 2 == pos_;
        break;
      }
    }
    set.value = quoted ? IdentifierText(pos_ - 1) : std::string(value);
  }
  return MakeCommand(std::move(set), first);
}

// An offset of at most 18 hours in whole seconds. The message shows the part that is out of range.
void Parser::CheckZoneInterval(const unresolved::Expr& zone, size_t first) {
  constexpr int64_t kSecond = 1'000'000, kHour = 3600 * kSecond, kDay = 24 * kHour;
  const auto* literal = std::get_if<unresolved::Literal>(&zone.node);
  if (literal == nullptr || !literal->type.Is(TypeId::kDayTimeInterval)) return;
  int64_t micros = literal->value.As<int64_t>();
  if (micros >= -18 * kHour && micros <= 18 * kHour && micros % kSecond == 0) return;
  int64_t shown = micros % kSecond != 0 ? micros / kSecond : micros / kHour;
  if (literal->type.interval().end == 0) shown = micros / kDay;
  Defer(
      ConditionAt("INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE", {{"input", std::to_string(shown)}}, first));
}

// SET TIME ZONE LOCAL | 'zone' | INTERVAL …
Result<Command> Parser::SetTimeZone(size_t first) {
  pos_ += 2;
  unresolved::SetTimeZone set;
  if (Is(Tok::kInterval) && StartsIntervalAt(pos_)) {
    FS_TRY(set.zone, Interval());
    if (!Is(Tok::kEndOfInput) && !Is(Tok::kSemicolon)) {
      SkipToEnd();
      return ConditionAt("_LEGACY_ERROR_TEMP_0045", {}, first);
    }
    CheckZoneInterval(*set.zone, first);
  } else if (StartsStringAt(pos_)) {
    size_t at = pos_;
    FS_TRY(std::string zone, String());
    set.zone = StringValue(std::move(zone), at);
  } else if (!Accept(Tok::kLocal)) {
    SkipToEnd();
    return ConditionAt("_LEGACY_ERROR_TEMP_0045", {}, first);
  }
  return MakeCommand(std::move(set), first);
}

Result<Command> Parser::Reset() {
  size_t first = pos_++;
  unresolved::ResetConfiguration reset;
  bool last = Kind(1) == Tok::kEndOfInput || Kind(1) == Tok::kSemicolon;
  if (Is(Tok::kBackQuoted) && last) {
    reset.key = IdentifierText(pos_++);
    return MakeCommand(std::move(reset), first);
  }
  std::string text = RestOfText();
  if (text.empty()) return MakeCommand(std::move(reset), first);
  if (KeyLength(text) != text.size()) return ConditionAt("INVALID_RESET_COMMAND_FORMAT", {}, first);
  reset.key = std::move(text);
  return MakeCommand(std::move(reset), first);
}

}  // namespace firesteel::sql
