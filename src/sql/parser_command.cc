// Statements: queries, and the commands that are carried out; the others are recognised by name.
#include <array>

#include "base/text.h"
#include "sql/parser_state.h"
#include "types/type_text.h"

namespace firesteel::sql {
namespace {

using unresolved::ExplainQuery;

}  // namespace

Command Parser::Unsupported(std::string what, size_t first) {
  SkipToEnd();
  return MakeCommand(unresolved::UnsupportedCommand{std::move(what)}, first);
}

void Parser::SkipToEnd() {
  pos_ = tokens_.size() - 1;
  while (pos_ > 0 && KindAt(pos_ - 1) == Tok::kSemicolon) --pos_;
}

std::string Parser::RestOfText() {
  size_t from = tokens_[pos_].start;
  SkipToEnd();
  size_t to = pos_ > 0 ? tokens_[pos_ - 1].end : 0;
  return to > from ? std::string(TrimControls(std::string_view(sql_->text).substr(from, to - from))) : std::string();
}

Result<Statement> Parser::StatementStart() {
  size_t first = pos_;
  switch (Kind()) {  // default: commands
    case Tok::kWith: {
      // WITH … INSERT: what follows the common tables decides.
      size_t at = pos_ + 1;
      while (KindAt(at) != Tok::kEndOfInput) {
        bool parenthesis = KindAt(at) == Tok::kLeftParen && tokens_[at].match != kNoMatch;
        if (!parenthesis) {
          ++at;
          continue;
        }
        at = tokens_[at].match + 1;
        Tok kind = KindAt(at);
        if (kind == Tok::kComma || kind == Tok::kAs || kind == Tok::kMax || kind == Tok::kLeftParen) continue;
        break;
      }
      Tok kind = KindAt(at);
      for (size_t i = at; kind == Tok::kFrom && KindAt(i) != Tok::kEndOfInput; ++i) {
        if (KindAt(i) == Tok::kLeftParen && tokens_[i].match != kNoMatch) i = tokens_[i].match;
        bool insert = KindAt(i) == Tok::kInsert && (KindAt(i + 1) == Tok::kInto || KindAt(i + 1) == Tok::kOverwrite);
        if (insert) return Statement{Unsupported("INSERT", first)};
      }
      if (kind == Tok::kInsert || kind == Tok::kMerge || kind == Tok::kUpdate || kind == Tok::kDelete) {
        return Statement{Unsupported(std::string(TokenText(kind)), first)};
      }
      break;
    }
    case Tok::kFrom:
      for (size_t at = pos_ + 1; KindAt(at) != Tok::kEndOfInput; ++at) {
        if (KindAt(at) == Tok::kLeftParen && tokens_[at].match != kNoMatch) at = tokens_[at].match;
        bool insert = KindAt(at) == Tok::kInsert && (KindAt(at + 1) == Tok::kInto || KindAt(at + 1) == Tok::kOverwrite);
        if (insert) return Statement{Unsupported("INSERT", first)};
      }
      break;
    case Tok::kSelect:
    case Tok::kValues:
    case Tok::kTable:
    case Tok::kLeftParen:
    case Tok::kMap:
    case Tok::kReduce:
      break;
    default: {
      FS_TRY(Command command, CommandAt());
      return Statement{std::move(command)};
    }
  }
  FS_TRY(RelationPtr query, Query());
  return Statement{std::move(query)};
}

Result<Command> Parser::CommandAt() {
  size_t first = pos_;
  auto words = [&](size_t count) {
    std::string text;
    for (size_t i = 0; i < count && IsKeyword(KindAt(first + i)); ++i) {
      if (i > 0) text += ' ';
      text += TokenText(KindAt(first + i));
    }
    return text;
  };
  switch (Kind()) {  // default: no statement
    case Tok::kExplain:
      return Explain();
    case Tok::kDesc:
    case Tok::kDescribe:
      return Describe();
    case Tok::kShow:
      return Show();
    case Tok::kCreate:
      return Create();
    case Tok::kDrop:
      return Drop();
    case Tok::kCache:
      return Cache();
    case Tok::kUncache:
      return Uncache();
    case Tok::kClear: {
      FS_CHECK(Expect(Tok::kClear, Tok::kCache));
      return MakeCommand(unresolved::ClearCache{}, first);
    }
    case Tok::kSet:
      return Set();
    case Tok::kReset:
      return Reset();
    case Tok::kInsert:
      return Insert();
    case Tok::kUse:
      return Use();
    case Tok::kRefresh:
      return Refresh();
    case Tok::kDeclare:
      if (Kind(1) != Tok::kEndOfInput) return Declare();
      ++pos_;
      return Syntax();
    case Tok::kUpdate:
    case Tok::kMerge:
    case Tok::kReplace:
    case Tok::kCall:
    case Tok::kFetch:
    case Tok::kOpen:
    case Tok::kClose: {
      if (Kind(1) != Tok::kEndOfInput) return Unsupported(words(1), first);
      ++pos_;
      return Syntax();
    }
    // Hive's statements that Spark knows only to refuse them.
    case Tok::kGrant:
    case Tok::kRevoke:
    case Tok::kCommit:
    case Tok::kRollback:
    case Tok::kDfs:
      return RefusedStatement(words(Kind(1) == Tok::kRole ? 2 : 1), first);
    case Tok::kStart:
    case Tok::kLock:
    case Tok::kUnlock:
    case Tok::kExport:
    case Tok::kImport:
      return RefusedStatement(words(2), first);
    case Tok::kTruncate:
    case Tok::kDelete: {
      Tok next = Is(Tok::kDelete) ? Tok::kFrom : Tok::kTable;
      ++pos_;
      if (!Is(next)) return IsIdentifier() ? LeftOut(next) : Syntax();
      return Unsupported(words(2), first);
    }
    case Tok::kAlter:
      if (Kind(1) == Tok::kView && IsIdentifierAt(pos_ + 2)) return AlterView();
      [[fallthrough]];
    case Tok::kAnalyze:
    case Tok::kComment:
    case Tok::kLoad:
    case Tok::kMsck:
    case Tok::kRepair:
    case Tok::kExecute: {
      if (Is(Tok::kExecute, Tok::kImmediate)) return ExecuteImmediate();
      if (Kind(1) != Tok::kEndOfInput) return Unsupported(words(2), first);
      ++pos_;
      return Syntax();
    }
    case Tok::kAdd:
    case Tok::kList: {
      if (!IsIdentifierAt(pos_ + 1)) {
        ++pos_;
        return Syntax();
      }
      return Unsupported(words(1) + " " + Upper(Text(first + 1)), first);
    }
    case Tok::kBegin:
      return Unsupported("SQL scripting", first);
    default:
      break;
  }
  if (IsIdentifier() && Kind(1) == Tok::kColon) return Unsupported("SQL scripting", first);
  return Syntax();
}

Result<Command> Parser::RefusedStatement(std::string what, size_t first) {
  SkipToEnd();
  return ConditionAt("INVALID_STATEMENT_OR_CLAUSE", {{"operation", std::move(what)}}, first);
}

// EXPLAIN [mode] query
Result<Command> Parser::Explain() {
  Nesting nesting(this);  // EXPLAIN EXPLAIN …
  FS_CHECK(CheckNesting());
  size_t first = pos_++;
  ExplainQuery explain;
  bool logical = false;  // in Spark's grammar, but refused
  switch (Kind()) {      // default: simple
    case Tok::kExtended:
      explain.mode = ExplainQuery::Mode::kExtended;
      break;
    case Tok::kCodegen:
      explain.mode = ExplainQuery::Mode::kCodegen;
      break;
    case Tok::kCost:
      explain.mode = ExplainQuery::Mode::kCost;
      break;
    case Tok::kFormatted:
      explain.mode = ExplainQuery::Mode::kFormatted;
      break;
    case Tok::kLogical:
      logical = true;
      ++pos_;
      break;
    default:
      break;
  }
  if (explain.mode != ExplainQuery::Mode::kSimple) ++pos_;
  FS_TRY(Statement statement, StatementStart());
  if (logical) Defer(ConditionAt("INVALID_STATEMENT_OR_CLAUSE", {{"operation", "EXPLAIN LOGICAL"}}, first));
  auto* query = std::get_if<RelationPtr>(&statement.node);
  if (query == nullptr) return MakeCommand(unresolved::UnsupportedCommand{"EXPLAIN of a command"}, first);
  explain.plan = std::move(*query);
  return MakeCommand(std::move(explain), first);
}

Result<Command> Parser::Describe() {
  size_t first = pos_++;
  if (Is(Tok::kFunction) && Kind(1) != Tok::kEndOfInput && Kind(1) != Tok::kSemicolon) {
    ++pos_;
    unresolved::DescribeFunction function;
    function.extended =
        Is(Tok::kExtended) && Kind(1) != Tok::kEndOfInput && Kind(1) != Tok::kDot && Accept(Tok::kExtended);
    if (StartsStringAt(pos_)) {
      FS_TRY(std::string name, String());
      function.name = {std::move(name)};
    } else if (IsIdentifier()) {
      const size_t named = pos_;
      FS_TRY(Reference reference, IdentifierReference());
      if (reference.clause != nullptr) Defer(Error::Unsupported("DESCRIBE FUNCTION IDENTIFIER(…)", OriginFrom(first)));
      function.name = std::move(reference.name);
      function.name_origin = OriginFrom(named);
    } else {
      bool op =
          (Kind() >= Tok::kEq && Kind() <= Tok::kHat) || IsAny(Tok::kBang, Tok::kOr, Tok::kAnd, Tok::kIn, Tok::kNot);
      if (!op) return Syntax();
      function.name = {std::string(Text(pos_++))};
    }
    return MakeCommand(std::move(function), first);
  }
  bool end_next = Kind(1) == Tok::kEndOfInput || Kind(1) == Tok::kSemicolon;
  if (!end_next && IsAny(Tok::kDatabase, Tok::kSchema, Tok::kNamespace)) {
    return Unsupported("DESCRIBE " + std::string(TokenText(Kind())), first);
  }
  if (Is(Tok::kProcedure) && !end_next) return Unsupported("DESCRIBE PROCEDURE", first);
  bool query = Is(Tok::kLeftParen) || (!Is(Tok::kTable) && StartsQueryAt(pos_)) ||
               (Is(Tok::kQuery) && (StartsQueryAt(pos_ + 1) || Kind(1) == Tok::kLeftParen));
  if (query) {
    Accept(Tok::kQuery);
    unresolved::DescribeQuery describe;
    FS_TRY(describe.plan, Query());
    return MakeCommand(std::move(describe), first);
  }
  unresolved::DescribeTable describe;
  if (!end_next) Accept(Tok::kTable);
  bool option = (Is(Tok::kExtended) || Is(Tok::kFormatted)) && IsIdentifierAt(pos_ + 1);
  if (option) {
    describe.extended = true;
    ++pos_;
  }
  FS_TRY(Reference reference, IdentifierReference());
  if (reference.clause != nullptr) Defer(Error::Unsupported("DESCRIBE TABLE IDENTIFIER(…)", OriginFrom(first)));
  describe.name = std::move(reference.name);
  if (Is(Tok::kPartition)) return Unsupported("DESCRIBE TABLE … PARTITION", first);
  if (Is(Tok::kAs)) return Unsupported("DESCRIBE TABLE … AS JSON", first);
  if (IsIdentifier()) {
    const size_t column = pos_;
    FS_TRY(describe.column.name, MultipartIdentifier());
    describe.column.origin = OriginFrom(column);
  }
  return MakeCommand(std::move(describe), first);
}

// [LIKE] 'pattern'
Result<std::optional<std::string>> Parser::ShowPattern() {
  if (Accept(Tok::kLike) || StartsStringAt(pos_)) {
    FS_TRY(std::string pattern, String());
    return std::optional<std::string>(std::move(pattern));
  }
  return std::optional<std::string>();
}

Result<Command> Parser::Show() {
  size_t first = pos_++;
  Tok what = Kind();
  if (what == Tok::kTables || what == Tok::kViews) {
    ++pos_;
    unresolved::ShowTables show;
    show.views_only = what == Tok::kViews;
    if (Accept(Tok::kFrom) || Accept(Tok::kIn)) {
      FS_TRY(Reference reference, IdentifierReference());
      show.database = std::move(reference.name);
    }
    FS_TRY(auto pattern, ShowPattern());
    show.pattern = pattern.value_or("");
    return MakeCommand(std::move(show), first);
  }
  if (what == Tok::kDatabases || what == Tok::kSchemas || what == Tok::kNamespaces) return ShowDatabases(first);
  if (what == Tok::kCatalogs) return ShowCatalogs(first);
  if (what == Tok::kColumns) {
    ++pos_;
    if (!Accept(Tok::kFrom) && !Accept(Tok::kIn)) return Syntax();
    unresolved::ShowColumns show;
    FS_TRY(Reference reference, IdentifierReference());
    show.name = std::move(reference.name);
    if (Accept(Tok::kFrom) || Accept(Tok::kIn)) {
      FS_TRY(Name database, MultipartIdentifier());
      if (show.name.size() == 1) show.name.insert(show.name.begin(), database.begin(), database.end());
    }
    return MakeCommand(std::move(show), first);
  }
  if (what == Tok::kFunctions || (IsIdentifier() && Kind(1) == Tok::kFunctions)) {
    unresolved::ShowFunctions show;
    if (what != Tok::kFunctions) {
      show.scope = Upper(Text(pos_));
      if (show.scope != "USER" && show.scope != "SYSTEM" && show.scope != "ALL") {
        Defer(ConditionAt("INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_SCOPE", {{"scope", ToSqlId(Lower(Text(pos_)))}},
                          pos_));
      }
      ++pos_;
    }
    ++pos_;
    if (Accept(Tok::kFrom) || Accept(Tok::kIn)) {
      FS_CHECK(IdentifierReference());
    }
    bool like = Accept(Tok::kLike);
    if (StartsStringAt(pos_)) {
      FS_TRY(show.pattern, String());
    } else if (like || IsIdentifier()) {
      FS_TRY(Name legacy, MultipartIdentifier());
      show.pattern = legacy.back();
    }
    return MakeCommand(std::move(show), first);
  }
  if (what == Tok::kRole || what == Tok::kRoles || what == Tok::kGrant || what == Tok::kPrincipals ||
      what == Tok::kCompactions || what == Tok::kTransactions || what == Tok::kIndexes || what == Tok::kLocks) {
    return RefusedStatement("SHOW " + std::string(TokenText(what)), first);
  }
  if (!IsKeyword(what)) {
    if (IsIdentifier() && Kind(1) == Tok::kEndOfInput) {
      ++pos_;
      return Syntax(": missing 'FUNCTIONS'");
    }
    return Syntax();
  }
  std::string name = "SHOW " + std::string(TokenText(what));
  if ((what == Tok::kCreate || what == Tok::kTable || what == Tok::kCurrent) && IsKeyword(Kind(1))) {
    name += " " + std::string(TokenText(Kind(1)));
  }
  return Unsupported(std::move(name), first);
}

Result<std::string> Parser::PropertyKey() {
  if (StartsStringAt(pos_)) return UnescapedString(pos_++);
  std::string key;
  do {
    if (!key.empty()) key += '.';
    FS_TRY(std::string part, NamingIdentifier());
    key += part;
  } while (Accept(Tok::kDot));
  return key;
}

// (key = value, …); "=" may be left out.
Result<unresolved::Options> Parser::PropertyList() {
  size_t first = pos_;
  FS_CHECK(Expect(Tok::kLeftParen));
  unresolved::Options options;
  std::vector<std::string> without_value;
  do {
    FS_TRY(std::string key, PropertyKey());
    bool equals = Accept(Tok::kEq);
    std::string value;
    if (IsAny(Tok::kIntegerValue, Tok::kDecimalValue)) {
      value = std::string(Text(pos_++));
    } else if (IsAny(Tok::kTrue, Tok::kFalse)) {
      value = Lower(Text(pos_++));
    } else if (StartsStringAt(pos_)) {
      FS_TRY(value, String());
    } else if (equals) {
      return Syntax();
    } else {
      without_value.push_back(key);
    }
    if (!options.emplace(key, std::move(value)).second) {
      Defer(ConditionAt("DUPLICATE_KEY", {{"keyColumn", ToSqlId(key)}}, first));
    }
  } while (Accept(Tok::kComma));
  FS_CHECK(Expect(Tok::kRightParen));
  if (!without_value.empty()) {
    Defer(ConditionAt("_LEGACY_ERROR_TEMP_0035",
                      {{"message", "Values must be specified for key(s): [" + Join(without_value, ",") + "]"}}, first));
  }
  return options;
}

Result<Command> Parser::Create() {
  size_t first = pos_++;
  std::string what = "CREATE";
  if (Is(Tok::kOr, Tok::kReplace)) pos_ += 2;
  size_t at = pos_;
  bool global = KindAt(at) == Tok::kGlobal;
  at += global;
  bool temporary = KindAt(at) == Tok::kTemporary;
  at += temporary;
  if (KindAt(at) == Tok::kView && temporary) {
    // CREATE … VIEW name (columns) USING … reads a source.
    size_t name = at + 1;
    if (KindAt(name) == Tok::kIf) name += 3;
    while (IsIdentifierAt(name) && KindAt(name + 1) == Tok::kDot) name += 2;
    size_t after = name + 1;
    if (KindAt(after) == Tok::kLeftParen && tokens_[after].match != kNoMatch) after = tokens_[after].match + 1;
    pos_ = at + 1;
    return KindAt(after) == Tok::kUsing ? CreateSourceView(first) : CreateView(first);
  }
  for (; IsKeyword(KindAt(at)); ++at) {
    Tok kind = KindAt(at);
    bool modifier = kind == Tok::kExternal || kind == Tok::kMaterialized || kind == Tok::kStreaming;
    if (modifier) {
      what += " " + std::string(TokenText(kind));
      continue;
    }
    bool known = kind == Tok::kTable || kind == Tok::kView || kind == Tok::kFunction || kind == Tok::kDatabase ||
                 kind == Tok::kSchema || kind == Tok::kNamespace || kind == Tok::kIndex || kind == Tok::kRole ||
                 kind == Tok::kMacro || kind == Tok::kFlow;
    if (!known) break;
    what += " " + std::string(TokenText(kind));
    return Unsupported(std::move(what), first);
  }
  pos_ = at;
  return Syntax();
}

// Temporary views belong to no database.
void Parser::CheckTemporaryName(const Name& name, size_t first) {
  if (name.size() < 2) return;
  Name qualifier(name.begin(), name.end() - 1);
  Defer(ConditionAt("INVALID_TEMP_OBJ_QUALIFIER",
                    {{"objectType", "VIEW"}, {"objectName", ToSqlId(name.back())}, {"qualifier", ToSqlId(qualifier)}},
                    first));
}

// After VIEW: [IF NOT EXISTS] name [(columns)] [COMMENT …] … AS query
Result<Command> Parser::CreateView(size_t first) {
  unresolved::CreateView view;
  for (size_t i = first; i < pos_; ++i) {
    view.global = view.global || KindAt(i) == Tok::kGlobal;
    view.replace = view.replace || KindAt(i) == Tok::kReplace;
  }
  if (Is(Tok::kIf) && (Kind(1) == Tok::kNot || Kind(1) == Tok::kBang)) {
    pos_ += 2;
    FS_CHECK(Expect(Tok::kExists));
    view.if_not_exists = true;
  }
  FS_TRY(Reference reference, IdentifierReference());
  view.name = std::move(reference.name);
  view.identifier = std::move(reference.clause);
  if (Accept(Tok::kLeftParen)) {
    do {
      FS_TRY(std::string column, Identifier());
      std::string comment;
      if (Accept(Tok::kComment)) {
        FS_TRY(comment, String());
      }
      view.columns.emplace_back(std::move(column), std::move(comment));
    } while (Accept(Tok::kComma));
    FS_CHECK(Expect(Tok::kRightParen));
  }
  while (!Is(Tok::kAs)) {
    if (Accept(Tok::kComment)) {
      FS_CHECK(String());
    } else if (Accept(Tok::kTblproperties)) {
      FS_CHECK(PropertyList());
      Defer(ConditionAt("_LEGACY_ERROR_TEMP_0035",
                        {{"message", "TBLPROPERTIES can't coexist with CREATE TEMPORARY VIEW"}}, first));
    } else if (Accept(Tok::kPartitioned, Tok::kOn)) {
      FS_CHECK(IdentifierList());
    } else if (Accept(Tok::kDefault, Tok::kCollation)) {
      FS_CHECK(Identifier());
    } else if (Accept(Tok::kWith, Tok::kSchema)) {
      Accept(Tok::kType);
      if (!Accept(Tok::kBinding) && !Accept(Tok::kCompensation) && !Accept(Tok::kEvolution)) return Syntax();
    } else {
      return Syntax();
    }
  }
  ++pos_;
  size_t body = pos_;
  CheckTemporaryName(view.name, first);
  FS_TRY(view.plan, Query());
  view.text = std::string(TextFrom(body));
  if (view.if_not_exists) {  // temporary views have no such form
    Defer(view.replace
              ? ConditionAt("CREATE_VIEW_WITH_IF_NOT_EXISTS_AND_REPLACE", {{"viewName", Join(view.name, ".")}}, first)
              : ConditionAt("_LEGACY_ERROR_TEMP_0053", {}, first));
  }
  return MakeCommand(std::move(view), first);
}

// After VIEW: name [(columns and types)] USING format [OPTIONS (…)]
Result<Command> Parser::CreateSourceView(size_t first) {
  unresolved::CreateSourceView view;
  for (size_t i = first; i < pos_; ++i) {
    view.global = view.global || KindAt(i) == Tok::kGlobal;
    view.replace = view.replace || KindAt(i) == Tok::kReplace;
  }
  if (Is(Tok::kIf)) {
    pos_ += 3;
    Defer(ConditionAt("_LEGACY_ERROR_TEMP_0053", {}, first));
  }
  FS_TRY(view.name, MultipartIdentifier());
  CheckTemporaryName(view.name, first);
  if (Accept(Tok::kLeftParen)) {
    size_t schema = pos_;
    do {
      FS_CHECK(NamingIdentifier());
      FS_CHECK(SkipType());
      if (Accept(Tok::kNot) || Accept(Tok::kBang)) FS_CHECK(Expect(Tok::kNull));
      if (Accept(Tok::kComment)) FS_CHECK(String());
    } while (Accept(Tok::kComma));
    view.source.schema = std::string(TextFrom(schema));
    FS_CHECK(Expect(Tok::kRightParen));
  }
  FS_CHECK(Expect(Tok::kUsing));
  FS_TRY(Name format, MultipartIdentifier());
  view.source.format = Join(format, ".");
  if (Accept(Tok::kOptions)) {
    FS_TRY(view.source.options, PropertyList());
  }
  return MakeCommand(std::move(view), first);
}

Result<Command> Parser::Drop() {
  size_t first = pos_++;
  if (!IsAny(Tok::kView, Tok::kTable)) {
    const bool temporary = Accept(Tok::kTemporary);
    if (temporary && IsAny(Tok::kVariable, Tok::kVar)) return DropVariable(first);
    if (!IsKeyword(Kind())) return Syntax();
    return Unsupported("DROP " + std::string(TokenText(Kind())), first);
  }
  const bool table = Is(Tok::kTable);
  ++pos_;
  unresolved::DropView drop;
  if (Is(Tok::kIf, Tok::kExists)) {
    pos_ += 2;
    drop.if_exists = true;
  }
  FS_TRY(Reference reference, IdentifierReference());
  if (reference.clause != nullptr) Defer(Error::Unsupported("DROP VIEW IDENTIFIER(…)", OriginFrom(first)));
  drop.name = std::move(reference.name);
  if (table) Accept(Tok::kPurge);
  return MakeCommand(std::move(drop), first);
}

// CACHE [LAZY] TABLE name [OPTIONS (…)] [[AS] query]
Result<Command> Parser::Cache() {
  size_t first = pos_++;
  unresolved::CacheTable cache;
  cache.lazy = Accept(Tok::kLazy);
  FS_CHECK(Expect(Tok::kTable));
  FS_TRY(Reference reference, IdentifierReference());
  if (reference.clause != nullptr) Defer(Error::Unsupported("CACHE TABLE IDENTIFIER(…)", OriginFrom(first)));
  cache.name = std::move(reference.name);
  if (Accept(Tok::kOptions)) {
    FS_TRY(cache.options, PropertyList());
  }
  if (Accept(Tok::kAs) || StartsQueryAt(pos_) || Is(Tok::kLeftParen)) {
    FS_TRY(cache.plan, Query());
  }
  return MakeCommand(std::move(cache), first);
}

Result<Command> Parser::Uncache() {
  size_t first = pos_++;
  unresolved::UncacheTable uncache;
  FS_CHECK(Expect(Tok::kTable));
  if (Is(Tok::kIf, Tok::kExists)) {
    pos_ += 2;
    uncache.if_exists = true;
  }
  const size_t name = pos_;
  FS_TRY(Reference reference, IdentifierReference());
  if (reference.clause != nullptr) Defer(Error::Unsupported("UNCACHE TABLE IDENTIFIER(…)", OriginFrom(first)));
  uncache.name = std::move(reference.name);
  return MakeCommand(std::move(uncache), name);  // its errors are the name's
}

Result<Command> Parser::Insert() {
  size_t first = pos_++;
  bool directory =
      Is(Tok::kOverwrite) && (Kind(1) == Tok::kDirectory || (Kind(1) == Tok::kLocal && Kind(2) == Tok::kDirectory));
  if (directory) return InsertDirectory(first);
  if (IsAny(Tok::kInto, Tok::kOverwrite, Tok::kWith)) return Unsupported("INSERT", first);
  return Syntax();
}

// INSERT OVERWRITE [LOCAL] DIRECTORY ['path'] USING format [OPTIONS (…)] query
Result<Command> Parser::InsertDirectory(size_t first) {
  ++pos_;
  Accept(Tok::kLocal);
  ++pos_;
  unresolved::WriteFiles write;
  write.mode = unresolved::SaveMode::kOverwrite;
  bool has_path = StartsStringAt(pos_);
  if (has_path) {
    FS_TRY(write.path, String());
  }
  if (has_path && !Is(Tok::kUsing)) return Unsupported("INSERT OVERWRITE DIRECTORY in a Hive format", first);
  FS_CHECK(Expect(Tok::kUsing));
  FS_TRY(Name format, MultipartIdentifier());
  write.format = Join(format, ".");
  if (Accept(Tok::kOptions)) {
    FS_TRY(write.options, PropertyList());
  }
  auto path = write.options.find("path");
  bool option = path != write.options.end();
  if (has_path == option) {
    Defer(ConditionAt("_LEGACY_ERROR_TEMP_0049", {}, first));
  } else if (option) {
    write.path = path->second;
    write.options.erase(path);
  }
  FS_TRY(write.input, Query());
  return MakeCommand(std::move(write), first);
}

}  // namespace firesteel::sql
