// Data types: their extent is found here, their meaning by types/type_text.h.
#include "sql/parser_state.h"
#include "types/type_text.h"

namespace firesteel::sql {

Result<DataType> Parser::Type() {
  size_t first = pos_;
  FS_CHECK(SkipType());
  auto type = ParseType(TextFrom(first), {.timestamp_ntz = options_.timestamp_ntz});
  if (type.ok()) return type;
  // Parameters of the type are wrong, or its name.
  const Error& error = type.error();
  if (error.error_class() == ErrorClass::kArithmetic) {
    Defer(error);
    return DataType();
  }
  const Origin origin = error.condition() == "_LEGACY_ERROR_TEMP_1228" ? Origin() : OriginFrom(first);
  Defer(Error::Condition(error.condition(), error.parameters(), origin).As(ErrorClass::kParse));
  return DataType();
}

Result<std::string> Parser::TypeText() {
  size_t first = pos_;
  FS_CHECK(SkipType());
  return std::string(TextFrom(first));
}

// (number [, number]…)
Status Parser::SkipTypeParameters() {
  if (!Is(Tok::kLeftParen)) return {};
  ++pos_;
  do {
    if (!Accept(Tok::kIntegerValue) && !Accept(Tok::kAny)) return Syntax();
  } while (Accept(Tok::kComma));
  return Expect(Tok::kRightParen);
}

Status Parser::SkipType() {
  Nesting nesting(this);
  FS_CHECK(CheckNesting());
  Tok kind = Kind();
  if (!IsIdentifier() && !IsKeyword(kind)) return Syntax();
  switch (kind) {  // default: a name with or without parameters
    case Tok::kArray: {
      ++pos_;
      if (Is(Tok::kNeq)) return Syntax();
      if (!Accept(Tok::kLt)) return {};
      FS_CHECK(SkipType());
      return Expect(Tok::kGt);
    }
    case Tok::kMap: {
      ++pos_;
      if (!Accept(Tok::kLt)) return {};
      FS_CHECK(SkipType());
      FS_CHECK(Expect(Tok::kComma));
      FS_CHECK(SkipType());
      return Expect(Tok::kGt);
    }
    case Tok::kStruct:
      return SkipStructType();
    case Tok::kInterval:
      return SkipIntervalType();
    case Tok::kTimestamp:
    case Tok::kTime: {
      ++pos_;
      if (kind == Tok::kTime) FS_CHECK(SkipTypeParameters());
      if (Is(Tok::kWithout, Tok::kTime) && Kind(2) == Tok::kZone) pos_ += 3;
      if (Is(Tok::kWith, Tok::kLocal) && Kind(2) == Tok::kTime && Kind(3) == Tok::kZone) pos_ += 4;
      return {};
    }
    case Tok::kString:
    case Tok::kChar:
    case Tok::kCharacter:
    case Tok::kVarchar: {
      ++pos_;
      FS_CHECK(SkipTypeParameters());
      if (Is(Tok::kCollate) && IsIdentifierAt(pos_ + 1)) {
        ++pos_;
        FS_CHECK(MultipartIdentifier());
      }
      return {};
    }
    default: {
      FS_CHECK(Identifier());
      return SkipTypeParameters();
    }
  }
}

// STRUCT<name [:] type [NOT NULL] [COMMENT 'text'], …>
Status Parser::SkipStructType() {
  ++pos_;
  if (Accept(Tok::kNeq)) return {};
  if (!Accept(Tok::kLt)) return {};
  if (Accept(Tok::kGt)) return {};
  do {
    FS_CHECK(NamingIdentifier());
    Accept(Tok::kColon);
    FS_CHECK(SkipType());
    if (Accept(Tok::kNot) || Accept(Tok::kBang)) FS_CHECK(Expect(Tok::kNull));
    if (Accept(Tok::kComment)) FS_CHECK(String());
  } while (Accept(Tok::kComma));
  return Expect(Tok::kGt);
}

Status Parser::SkipIntervalType() {
  ++pos_;
  if (IsAny(Tok::kYear, Tok::kMonth)) {
    ++pos_;
    if (Is(Tok::kTo, Tok::kMonth)) pos_ += 2;
  } else if (IsAny(Tok::kDay, Tok::kHour, Tok::kMinute, Tok::kSecond)) {
    ++pos_;
    bool to = Is(Tok::kTo) && (Kind(1) == Tok::kHour || Kind(1) == Tok::kMinute || Kind(1) == Tok::kSecond);
    if (to) pos_ += 2;
  }
  return {};
}

}  // namespace firesteel::sql
