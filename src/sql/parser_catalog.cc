// Statements that say what spark.catalog's methods do: USE, REFRESH, SHOW DATABASES, SHOW CATALOGS; ALTER VIEW.
#include "sql/parser_state.h"

namespace firesteel::sql {

using unresolved::CatalogCall;
using Method = unresolved::CatalogCall::Method;

// USE [DATABASE | SCHEMA | NAMESPACE] name
Result<Command> Parser::Use() {
  const size_t first = pos_++;
  if (IsAny(Tok::kDatabase, Tok::kSchema, Tok::kNamespace) && IsIdentifierAt(pos_ + 1)) ++pos_;
  FS_TRY(Reference reference, IdentifierReference());
  if (reference.clause != nullptr) Defer(Error::Unsupported("USE IDENTIFIER(…)", OriginFrom(first)));
  return MakeCommand(CatalogCall{.method = Method::kSetCurrentDatabase, .name = std::move(reference.name)}, first);
}

// REFRESH TABLE name; REFRESH 'path'; REFRESH path
Result<Command> Parser::Refresh() {
  const size_t first = pos_++;
  if (Is(Tok::kFunction) && IsIdentifierAt(pos_ + 1)) return Unsupported("REFRESH FUNCTION", first);
  if (Is(Tok::kTable) && IsIdentifierAt(pos_ + 1)) {
    ++pos_;
    FS_TRY(Reference reference, IdentifierReference());
    if (reference.clause != nullptr) Defer(Error::Unsupported("REFRESH TABLE IDENTIFIER(…)", OriginFrom(first)));
    return MakeCommand(CatalogCall{.method = Method::kRefreshTable, .name = std::move(reference.name)}, first);
  }
  if (Is(Tok::kEndOfInput)) return Syntax();
  CatalogCall call{.method = Method::kRefreshByPath};
  if (StartsStringAt(pos_)) {
    FS_TRY(std::string path, String());
    call.name = {std::move(path)};
  } else {
    call.name = {std::string(RestOfText())};
    SkipToEnd();
  }
  return MakeCommand(std::move(call), first);
}

// SHOW {DATABASES | SCHEMAS | NAMESPACES} [{FROM | IN} catalog] [[LIKE] 'pattern'], behind SHOW
Result<Command> Parser::ShowDatabases(size_t first) {
  ++pos_;
  CatalogCall call{.method = Method::kShowDatabases};
  if (Accept(Tok::kFrom) || Accept(Tok::kIn)) {
    FS_TRY(call.name, MultipartIdentifier());
  }
  FS_TRY(call.pattern, ShowPattern());
  return MakeCommand(std::move(call), first);
}

// SHOW CATALOGS [[LIKE] 'pattern'], behind SHOW
Result<Command> Parser::ShowCatalogs(size_t first) {
  ++pos_;
  CatalogCall call{.method = Method::kShowCatalogs};
  FS_TRY(call.pattern, ShowPattern());
  return MakeCommand(std::move(call), first);
}

// ALTER VIEW name {[AS] query | RENAME TO new_name}
Result<Command> Parser::AlterView() {
  const size_t first = pos_;
  pos_ += 2;
  unresolved::AlterView alter;
  FS_TRY(alter.name, MultipartIdentifier());
  if (Accept(Tok::kRename, Tok::kTo)) {
    FS_TRY(alter.new_name, MultipartIdentifier());
    return MakeCommand(std::move(alter), first);
  }
  if (!Is(Tok::kAs) && !StartsQueryAt(pos_)) return Unsupported("ALTER VIEW", first);
  Accept(Tok::kAs);
  const size_t body = pos_;
  FS_TRY(alter.plan, Query());
  alter.text = std::string(TextFrom(body));
  return MakeCommand(std::move(alter), first);
}

}  // namespace firesteel::sql
