// Spark 4.2's keywords and every other kind of token.
#pragma once

#include <cstdint>
#include <string_view>

namespace firesteel::sql {

/// How a keyword reads where an identifier may stand, unless spark.sql.ansi.enforceReservedKeywords is on.
enum class KeywordClass : uint8_t {
  kNonReserved,        ///< an identifier anywhere
  kStrictNonReserved,  ///< an identifier, but not a table's alias (JOIN, UNION, …)
};

// X(token, text, class, non-reserved when reserved keywords are enforced)
// clang-format off
#define FIRESTEEL_SQL_KEYWORDS(X) \
  X(kAdd, "ADD", kNonReserved, true) X(kAfter, "AFTER", kNonReserved, true) \
  X(kAggregate, "AGGREGATE", kNonReserved, true) X(kAlter, "ALTER", kNonReserved, true) \
  X(kAlways, "ALWAYS", kNonReserved, true) X(kAnalyze, "ANALYZE", kNonReserved, true) \
  X(kAnyValue, "ANY_VALUE", kNonReserved, true) X(kApprox, "APPROX", kNonReserved, true) \
  X(kArchive, "ARCHIVE", kNonReserved, true) X(kArray, "ARRAY", kNonReserved, true) \
  X(kAsc, "ASC", kNonReserved, true) X(kAsensitive, "ASENSITIVE", kNonReserved, true) \
  X(kAt, "AT", kNonReserved, true) X(kAtomic, "ATOMIC", kNonReserved, true) \
  X(kBegin, "BEGIN", kNonReserved, true) X(kBernoulli, "BERNOULLI", kNonReserved, true) \
  X(kBetween, "BETWEEN", kNonReserved, true) X(kBigint, "BIGINT", kNonReserved, true) \
  X(kBinary, "BINARY", kNonReserved, true) X(kHex, "X", kNonReserved, true) \
  X(kBinding, "BINDING", kNonReserved, true) X(kBoolean, "BOOLEAN", kNonReserved, true) \
  X(kBucket, "BUCKET", kNonReserved, true) X(kBuckets, "BUCKETS", kNonReserved, true) \
  X(kBy, "BY", kNonReserved, true) X(kByte, "BYTE", kNonReserved, true) \
  X(kCache, "CACHE", kNonReserved, true) X(kCalled, "CALLED", kNonReserved, true) \
  X(kCascade, "CASCADE", kNonReserved, true) X(kCatalog, "CATALOG", kNonReserved, true) \
  X(kCatalogs, "CATALOGS", kNonReserved, true) X(kChange, "CHANGE", kNonReserved, true) \
  X(kChanges, "CHANGES", kNonReserved, true) X(kChar, "CHAR", kNonReserved, true) \
  X(kCharacter, "CHARACTER", kNonReserved, true) X(kClear, "CLEAR", kNonReserved, true) \
  X(kClose, "CLOSE", kNonReserved, true) X(kCluster, "CLUSTER", kNonReserved, true) \
  X(kClustered, "CLUSTERED", kNonReserved, true) X(kCodegen, "CODEGEN", kNonReserved, true) \
  X(kCollection, "COLLECTION", kNonReserved, true) X(kColumns, "COLUMNS", kNonReserved, true) \
  X(kComment, "COMMENT", kNonReserved, true) X(kCommit, "COMMIT", kNonReserved, true) \
  X(kCompact, "COMPACT", kNonReserved, true) X(kCompactions, "COMPACTIONS", kNonReserved, true) \
  X(kCompensation, "COMPENSATION", kNonReserved, true) X(kCompute, "COMPUTE", kNonReserved, true) \
  X(kConcatenate, "CONCATENATE", kNonReserved, true) X(kCondition, "CONDITION", kNonReserved, true) \
  X(kContains, "CONTAINS", kNonReserved, true) X(kContinue, "CONTINUE", kNonReserved, true) \
  X(kCost, "COST", kNonReserved, true) X(kCube, "CUBE", kNonReserved, true) \
  X(kCurrent, "CURRENT", kNonReserved, true) X(kCurrentDatabase, "CURRENT_DATABASE", kNonReserved, true) \
  X(kCursor, "CURSOR", kNonReserved, true) X(kData, "DATA", kNonReserved, true) \
  X(kDatabase, "DATABASE", kNonReserved, true) X(kDatabases, "DATABASES", kNonReserved, true) \
  X(kDate, "DATE", kNonReserved, true) X(kDateadd, "DATEADD", kNonReserved, true) \
  X(kDatediff, "DATEDIFF", kNonReserved, true) X(kDateAdd, "DATE_ADD", kNonReserved, true) \
  X(kDateDiff, "DATE_DIFF", kNonReserved, true) X(kDay, "DAY", kNonReserved, true) \
  X(kDayofyear, "DAYOFYEAR", kNonReserved, true) X(kDays, "DAYS", kNonReserved, true) \
  X(kDbproperties, "DBPROPERTIES", kNonReserved, true) X(kDec, "DEC", kNonReserved, true) \
  X(kDecimal, "DECIMAL", kNonReserved, true) X(kDeclare, "DECLARE", kNonReserved, true) \
  X(kDefault, "DEFAULT", kNonReserved, true) X(kDefaultPath, "DEFAULT_PATH", kNonReserved, true) \
  X(kDefined, "DEFINED", kNonReserved, true) X(kDefiner, "DEFINER", kNonReserved, true) \
  X(kDelay, "DELAY", kNonReserved, true) X(kDelete, "DELETE", kNonReserved, true) \
  X(kDelimited, "DELIMITED", kNonReserved, true) X(kDesc, "DESC", kNonReserved, true) \
  X(kDescribe, "DESCRIBE", kNonReserved, true) X(kDeterministic, "DETERMINISTIC", kNonReserved, true) \
  X(kDfs, "DFS", kNonReserved, true) X(kDirectories, "DIRECTORIES", kNonReserved, true) \
  X(kDirectory, "DIRECTORY", kNonReserved, true) X(kDistance, "DISTANCE", kNonReserved, true) \
  X(kDistribute, "DISTRIBUTE", kNonReserved, true) X(kDiv, "DIV", kNonReserved, true) \
  X(kDo, "DO", kNonReserved, true) X(kDouble, "DOUBLE", kNonReserved, true) \
  X(kDrop, "DROP", kNonReserved, true) X(kElseif, "ELSEIF", kNonReserved, true) \
  X(kEnforced, "ENFORCED", kNonReserved, true) X(kEscaped, "ESCAPED", kNonReserved, true) \
  X(kEvolution, "EVOLUTION", kNonReserved, true) X(kExact, "EXACT", kNonReserved, true) \
  X(kExchange, "EXCHANGE", kNonReserved, true) X(kExclude, "EXCLUDE", kNonReserved, true) \
  X(kExclusive, "EXCLUSIVE", kNonReserved, true) X(kExists, "EXISTS", kNonReserved, true) \
  X(kExit, "EXIT", kNonReserved, true) X(kExplain, "EXPLAIN", kNonReserved, true) \
  X(kExport, "EXPORT", kNonReserved, true) X(kExtend, "EXTEND", kNonReserved, true) \
  X(kExtended, "EXTENDED", kNonReserved, true) X(kExternal, "EXTERNAL", kNonReserved, true) \
  X(kExtract, "EXTRACT", kNonReserved, true) X(kFields, "FIELDS", kNonReserved, true) \
  X(kFileformat, "FILEFORMAT", kNonReserved, true) X(kFirst, "FIRST", kNonReserved, true) \
  X(kFloat, "FLOAT", kNonReserved, true) X(kFlow, "FLOW", kNonReserved, true) \
  X(kFollowing, "FOLLOWING", kNonReserved, true) X(kFormat, "FORMAT", kNonReserved, true) \
  X(kFormatted, "FORMATTED", kNonReserved, true) X(kFound, "FOUND", kNonReserved, true) \
  X(kFunction, "FUNCTION", kNonReserved, true) X(kFunctions, "FUNCTIONS", kNonReserved, true) \
  X(kGenerated, "GENERATED", kNonReserved, true) X(kGeography, "GEOGRAPHY", kNonReserved, true) \
  X(kGeometry, "GEOMETRY", kNonReserved, true) X(kGlobal, "GLOBAL", kNonReserved, true) \
  X(kGrouping, "GROUPING", kNonReserved, true) X(kHandler, "HANDLER", kNonReserved, true) \
  X(kHour, "HOUR", kNonReserved, true) X(kHours, "HOURS", kNonReserved, true) \
  X(kIdentified, "IDENTIFIED", kNonReserved, true) \
  X(kIdentifierKeyword, "IDENTIFIER", kNonReserved, true) X(kIdentity, "IDENTITY", kNonReserved, true) \
  X(kIf, "IF", kNonReserved, true) X(kIgnore, "IGNORE", kNonReserved, true) \
  X(kIlike, "ILIKE", kNonReserved, true) X(kImmediate, "IMMEDIATE", kNonReserved, true) \
  X(kImport, "IMPORT", kNonReserved, true) X(kInclude, "INCLUDE", kNonReserved, true) \
  X(kInclusive, "INCLUSIVE", kNonReserved, true) X(kIncrement, "INCREMENT", kNonReserved, true) \
  X(kIndex, "INDEX", kNonReserved, true) X(kIndexes, "INDEXES", kNonReserved, true) \
  X(kInpath, "INPATH", kNonReserved, true) X(kInput, "INPUT", kNonReserved, true) \
  X(kInputformat, "INPUTFORMAT", kNonReserved, true) X(kInsensitive, "INSENSITIVE", kNonReserved, true) \
  X(kInsert, "INSERT", kNonReserved, true) X(kInt, "INT", kNonReserved, true) \
  X(kInteger, "INTEGER", kNonReserved, true) X(kInterval, "INTERVAL", kNonReserved, true) \
  X(kInvoker, "INVOKER", kNonReserved, true) X(kItems, "ITEMS", kNonReserved, true) \
  X(kIterate, "ITERATE", kNonReserved, true) X(kJson, "JSON", kNonReserved, true) \
  X(kKey, "KEY", kNonReserved, true) X(kKeys, "KEYS", kNonReserved, true) \
  X(kLanguage, "LANGUAGE", kNonReserved, true) X(kLast, "LAST", kNonReserved, true) \
  X(kLazy, "LAZY", kNonReserved, true) X(kLeave, "LEAVE", kNonReserved, true) \
  X(kLevel, "LEVEL", kNonReserved, true) X(kLike, "LIKE", kNonReserved, true) \
  X(kLimit, "LIMIT", kNonReserved, true) X(kLines, "LINES", kNonReserved, true) \
  X(kList, "LIST", kNonReserved, true) X(kLoad, "LOAD", kNonReserved, true) \
  X(kLocal, "LOCAL", kNonReserved, true) X(kLocation, "LOCATION", kNonReserved, true) \
  X(kLock, "LOCK", kNonReserved, true) X(kLocks, "LOCKS", kNonReserved, true) \
  X(kLogical, "LOGICAL", kNonReserved, true) X(kLong, "LONG", kNonReserved, true) \
  X(kLoop, "LOOP", kNonReserved, true) X(kMacro, "MACRO", kNonReserved, true) \
  X(kMap, "MAP", kNonReserved, true) X(kMatched, "MATCHED", kNonReserved, true) \
  X(kMaterialized, "MATERIALIZED", kNonReserved, true) X(kMax, "MAX", kNonReserved, true) \
  X(kMeasure, "MEASURE", kNonReserved, true) X(kMerge, "MERGE", kNonReserved, true) \
  X(kMetrics, "METRICS", kNonReserved, true) X(kMicrosecond, "MICROSECOND", kNonReserved, true) \
  X(kMicroseconds, "MICROSECONDS", kNonReserved, true) X(kMillisecond, "MILLISECOND", kNonReserved, true) \
  X(kMilliseconds, "MILLISECONDS", kNonReserved, true) X(kMinute, "MINUTE", kNonReserved, true) \
  X(kMinutes, "MINUTES", kNonReserved, true) X(kModifies, "MODIFIES", kNonReserved, true) \
  X(kMonth, "MONTH", kNonReserved, true) X(kMonths, "MONTHS", kNonReserved, true) \
  X(kMsck, "MSCK", kNonReserved, true) X(kName, "NAME", kNonReserved, true) \
  X(kNamespace, "NAMESPACE", kNonReserved, true) X(kNamespaces, "NAMESPACES", kNonReserved, true) \
  X(kNanosecond, "NANOSECOND", kNonReserved, true) X(kNanoseconds, "NANOSECONDS", kNonReserved, true) \
  X(kNearest, "NEAREST", kNonReserved, true) X(kNext, "NEXT", kNonReserved, true) \
  X(kNo, "NO", kNonReserved, true) X(kNone, "NONE", kNonReserved, true) \
  X(kNorely, "NORELY", kNonReserved, true) X(kNulls, "NULLS", kNonReserved, true) \
  X(kNumeric, "NUMERIC", kNonReserved, true) X(kOf, "OF", kNonReserved, true) \
  X(kOpen, "OPEN", kNonReserved, true) X(kOption, "OPTION", kNonReserved, true) \
  X(kOptions, "OPTIONS", kNonReserved, true) X(kOut, "OUT", kNonReserved, true) \
  X(kOutputformat, "OUTPUTFORMAT", kNonReserved, true) X(kOver, "OVER", kNonReserved, true) \
  X(kOverlay, "OVERLAY", kNonReserved, true) X(kOverwrite, "OVERWRITE", kNonReserved, true) \
  X(kPartition, "PARTITION", kNonReserved, true) X(kPartitioned, "PARTITIONED", kNonReserved, true) \
  X(kPartitions, "PARTITIONS", kNonReserved, true) X(kPath, "PATH", kNonReserved, true) \
  X(kPercentKeyword, "PERCENT", kNonReserved, true) X(kPivot, "PIVOT", kNonReserved, true) \
  X(kPlacing, "PLACING", kNonReserved, true) X(kPosition, "POSITION", kNonReserved, true) \
  X(kPreceding, "PRECEDING", kNonReserved, true) X(kPrincipals, "PRINCIPALS", kNonReserved, true) \
  X(kProcedure, "PROCEDURE", kNonReserved, true) X(kProcedures, "PROCEDURES", kNonReserved, true) \
  X(kProperties, "PROPERTIES", kNonReserved, true) X(kPurge, "PURGE", kNonReserved, true) \
  X(kQualify, "QUALIFY", kNonReserved, true) X(kQuarter, "QUARTER", kNonReserved, true) \
  X(kQuery, "QUERY", kNonReserved, true) X(kRange, "RANGE", kNonReserved, true) \
  X(kRead, "READ", kNonReserved, true) X(kReads, "READS", kNonReserved, true) \
  X(kReal, "REAL", kNonReserved, true) X(kRecordreader, "RECORDREADER", kNonReserved, true) \
  X(kRecordwriter, "RECORDWRITER", kNonReserved, true) X(kRecover, "RECOVER", kNonReserved, true) \
  X(kRecursion, "RECURSION", kNonReserved, true) X(kReduce, "REDUCE", kNonReserved, true) \
  X(kRefresh, "REFRESH", kNonReserved, true) X(kRely, "RELY", kNonReserved, true) \
  X(kRename, "RENAME", kNonReserved, true) X(kRepair, "REPAIR", kNonReserved, true) \
  X(kRepeat, "REPEAT", kNonReserved, true) X(kRepeatable, "REPEATABLE", kNonReserved, true) \
  X(kReplace, "REPLACE", kNonReserved, true) X(kReset, "RESET", kNonReserved, true) \
  X(kRespect, "RESPECT", kNonReserved, true) X(kRestrict, "RESTRICT", kNonReserved, true) \
  X(kReturn, "RETURN", kNonReserved, true) X(kReturns, "RETURNS", kNonReserved, true) \
  X(kRevoke, "REVOKE", kNonReserved, true) X(kRlike, "RLIKE", kNonReserved, true) \
  X(kRole, "ROLE", kNonReserved, true) X(kRoles, "ROLES", kNonReserved, true) \
  X(kRollback, "ROLLBACK", kNonReserved, true) X(kRollup, "ROLLUP", kNonReserved, true) \
  X(kRow, "ROW", kNonReserved, true) X(kRows, "ROWS", kNonReserved, true) \
  X(kSchema, "SCHEMA", kNonReserved, true) X(kSchemas, "SCHEMAS", kNonReserved, true) \
  X(kSecond, "SECOND", kNonReserved, true) X(kSeconds, "SECONDS", kNonReserved, true) \
  X(kSecurity, "SECURITY", kNonReserved, true) X(kSeparated, "SEPARATED", kNonReserved, true) \
  X(kSerde, "SERDE", kNonReserved, true) X(kSerdeproperties, "SERDEPROPERTIES", kNonReserved, true) \
  X(kSet, "SET", kNonReserved, true) X(kSets, "SETS", kNonReserved, true) \
  X(kShort, "SHORT", kNonReserved, true) X(kShow, "SHOW", kNonReserved, true) \
  X(kSimilarity, "SIMILARITY", kNonReserved, true) X(kSingle, "SINGLE", kNonReserved, true) \
  X(kSkewed, "SKEWED", kNonReserved, true) X(kSmallint, "SMALLINT", kNonReserved, true) \
  X(kSort, "SORT", kNonReserved, true) X(kSorted, "SORTED", kNonReserved, true) \
  X(kSource, "SOURCE", kNonReserved, true) X(kSpecific, "SPECIFIC", kNonReserved, true) \
  X(kSqlexception, "SQLEXCEPTION", kNonReserved, true) X(kSqlstate, "SQLSTATE", kNonReserved, true) \
  X(kStart, "START", kNonReserved, true) X(kStatistics, "STATISTICS", kNonReserved, true) \
  X(kStored, "STORED", kNonReserved, true) X(kStratify, "STRATIFY", kNonReserved, true) \
  X(kStream, "STREAM", kNonReserved, true) X(kStreaming, "STREAMING", kNonReserved, true) \
  X(kString, "STRING", kNonReserved, true) X(kStruct, "STRUCT", kNonReserved, true) \
  X(kSubstr, "SUBSTR", kNonReserved, true) X(kSubstring, "SUBSTRING", kNonReserved, true) \
  X(kSync, "SYNC", kNonReserved, true) X(kSystem, "SYSTEM", kNonReserved, true) \
  X(kSystemPath, "SYSTEM_PATH", kNonReserved, true) X(kSystemTime, "SYSTEM_TIME", kNonReserved, true) \
  X(kSystemVersion, "SYSTEM_VERSION", kNonReserved, true) X(kTables, "TABLES", kNonReserved, true) \
  X(kTablesample, "TABLESAMPLE", kNonReserved, true) X(kTarget, "TARGET", kNonReserved, true) \
  X(kTblproperties, "TBLPROPERTIES", kNonReserved, true) X(kTemporary, "TEMPORARY", kNonReserved, true) \
  X(kTerminated, "TERMINATED", kNonReserved, true) X(kTimediff, "TIMEDIFF", kNonReserved, true) \
  X(kTimestamp, "TIMESTAMP", kNonReserved, true) X(kTimestampadd, "TIMESTAMPADD", kNonReserved, true) \
  X(kTimestampdiff, "TIMESTAMPDIFF", kNonReserved, true) \
  X(kTimestampLtz, "TIMESTAMP_LTZ", kNonReserved, true) \
  X(kTimestampNtz, "TIMESTAMP_NTZ", kNonReserved, true) X(kTinyint, "TINYINT", kNonReserved, true) \
  X(kTouch, "TOUCH", kNonReserved, true) X(kTransaction, "TRANSACTION", kNonReserved, true) \
  X(kTransactions, "TRANSACTIONS", kNonReserved, true) X(kTransform, "TRANSFORM", kNonReserved, true) \
  X(kTrim, "TRIM", kNonReserved, true) X(kTrue, "TRUE", kNonReserved, true) \
  X(kTruncate, "TRUNCATE", kNonReserved, true) X(kTryCast, "TRY_CAST", kNonReserved, true) \
  X(kType, "TYPE", kNonReserved, true) X(kUnarchive, "UNARCHIVE", kNonReserved, true) \
  X(kUnbounded, "UNBOUNDED", kNonReserved, true) X(kUncache, "UNCACHE", kNonReserved, true) \
  X(kUnlock, "UNLOCK", kNonReserved, true) X(kUnpivot, "UNPIVOT", kNonReserved, true) \
  X(kUnset, "UNSET", kNonReserved, true) X(kUntil, "UNTIL", kNonReserved, true) \
  X(kUpdate, "UPDATE", kNonReserved, true) X(kUse, "USE", kNonReserved, true) \
  X(kValue, "VALUE", kNonReserved, true) X(kValues, "VALUES", kNonReserved, true) \
  X(kVar, "VAR", kNonReserved, true) X(kVarchar, "VARCHAR", kNonReserved, true) \
  X(kVariable, "VARIABLE", kNonReserved, true) X(kVariant, "VARIANT", kNonReserved, true) \
  X(kVersion, "VERSION", kNonReserved, true) X(kView, "VIEW", kNonReserved, true) \
  X(kViews, "VIEWS", kNonReserved, true) X(kVoid, "VOID", kNonReserved, true) \
  X(kWatermark, "WATERMARK", kNonReserved, true) X(kWeek, "WEEK", kNonReserved, true) \
  X(kWeeks, "WEEKS", kNonReserved, true) X(kWhile, "WHILE", kNonReserved, true) \
  X(kWindow, "WINDOW", kNonReserved, true) X(kWithout, "WITHOUT", kNonReserved, true) \
  X(kYear, "YEAR", kNonReserved, true) X(kYears, "YEARS", kNonReserved, true) \
  X(kZone, "ZONE", kNonReserved, true) \
  X(kAll, "ALL", kNonReserved, false) X(kAnd, "AND", kNonReserved, false) \
  X(kAny, "ANY", kNonReserved, false) X(kAs, "AS", kNonReserved, false) \
  X(kAuthorization, "AUTHORIZATION", kNonReserved, false) X(kBoth, "BOTH", kNonReserved, false) \
  X(kCall, "CALL", kNonReserved, false) X(kCase, "CASE", kNonReserved, false) \
  X(kCast, "CAST", kNonReserved, false) X(kCheck, "CHECK", kNonReserved, false) \
  X(kCollate, "COLLATE", kNonReserved, false) X(kCollation, "COLLATION", kNonReserved, false) \
  X(kCollations, "COLLATIONS", kNonReserved, false) X(kColumn, "COLUMN", kNonReserved, false) \
  X(kConstraint, "CONSTRAINT", kNonReserved, false) X(kCreate, "CREATE", kNonReserved, false) \
  X(kCurrentDate, "CURRENT_DATE", kNonReserved, false) \
  X(kCurrentPath, "CURRENT_PATH", kNonReserved, false) \
  X(kCurrentSchema, "CURRENT_SCHEMA", kNonReserved, false) \
  X(kCurrentTime, "CURRENT_TIME", kNonReserved, false) \
  X(kCurrentTimestamp, "CURRENT_TIMESTAMP", kNonReserved, false) \
  X(kCurrentUser, "CURRENT_USER", kNonReserved, false) X(kDistinct, "DISTINCT", kNonReserved, false) \
  X(kElse, "ELSE", kNonReserved, false) X(kEnd, "END", kNonReserved, false) \
  X(kEscape, "ESCAPE", kNonReserved, false) X(kExecute, "EXECUTE", kNonReserved, false) \
  X(kFalse, "FALSE", kNonReserved, false) X(kFetch, "FETCH", kNonReserved, false) \
  X(kFilter, "FILTER", kNonReserved, false) X(kFor, "FOR", kNonReserved, false) \
  X(kForeign, "FOREIGN", kNonReserved, false) X(kFrom, "FROM", kNonReserved, false) \
  X(kGrant, "GRANT", kNonReserved, false) X(kGroup, "GROUP", kNonReserved, false) \
  X(kHaving, "HAVING", kNonReserved, false) X(kIn, "IN", kNonReserved, false) \
  X(kInto, "INTO", kNonReserved, false) X(kIs, "IS", kNonReserved, false) \
  X(kLeading, "LEADING", kNonReserved, false) X(kNot, "NOT", kNonReserved, false) \
  X(kNull, "NULL", kNonReserved, false) X(kOffset, "OFFSET", kNonReserved, false) \
  X(kOnly, "ONLY", kNonReserved, false) X(kOr, "OR", kNonReserved, false) \
  X(kOrder, "ORDER", kNonReserved, false) X(kOuter, "OUTER", kNonReserved, false) \
  X(kOverlaps, "OVERLAPS", kNonReserved, false) X(kPrimary, "PRIMARY", kNonReserved, false) \
  X(kRecursive, "RECURSIVE", kNonReserved, false) X(kReferences, "REFERENCES", kNonReserved, false) \
  X(kSelect, "SELECT", kNonReserved, false) X(kSessionUser, "SESSION_USER", kNonReserved, false) \
  X(kSome, "SOME", kNonReserved, false) X(kSql, "SQL", kNonReserved, false) \
  X(kTable, "TABLE", kNonReserved, false) X(kThen, "THEN", kNonReserved, false) \
  X(kTime, "TIME", kNonReserved, false) X(kTo, "TO", kNonReserved, false) \
  X(kTrailing, "TRAILING", kNonReserved, false) X(kUnique, "UNIQUE", kNonReserved, false) \
  X(kUnknown, "UNKNOWN", kNonReserved, false) X(kUser, "USER", kNonReserved, false) \
  X(kWhen, "WHEN", kNonReserved, false) X(kWhere, "WHERE", kNonReserved, false) \
  X(kWith, "WITH", kNonReserved, false) X(kWithin, "WITHIN", kNonReserved, false) \
  X(kAnti, "ANTI", kStrictNonReserved, true) X(kSemi, "SEMI", kStrictNonReserved, true) \
  X(kMinusKeyword, "MINUS", kStrictNonReserved, true) \
  X(kCross, "CROSS", kStrictNonReserved, false) X(kExcept, "EXCEPT", kStrictNonReserved, false) \
  X(kFull, "FULL", kStrictNonReserved, false) X(kInner, "INNER", kStrictNonReserved, false) \
  X(kIntersect, "INTERSECT", kStrictNonReserved, false) X(kJoin, "JOIN", kStrictNonReserved, false) \
  X(kLateral, "LATERAL", kStrictNonReserved, false) X(kLeft, "LEFT", kStrictNonReserved, false) \
  X(kNatural, "NATURAL", kStrictNonReserved, false) X(kOn, "ON", kStrictNonReserved, false) \
  X(kRight, "RIGHT", kStrictNonReserved, false) X(kUnion, "UNION", kStrictNonReserved, false) \
  X(kUsing, "USING", kStrictNonReserved, false)
// clang-format on

enum class Tok : uint16_t {
  kEndOfInput,
  kSemicolon,
  kLeftParen,
  kRightParen,
  kComma,
  kDot,
  kLeftBracket,
  kRightBracket,
  kBang,  // ; ( ) , . [ ] !
  kEq,
  kNullSafeEq,
  kNeq,
  kNeqJ,
  kLt,
  kLte,
  kGt,
  kGte,  // = == <=> <> != < <= > >=
  kShiftLeft,
  kShiftRight,
  kShiftRightUnsigned,  // << >> >>>
  kPlus,
  kMinus,
  kAsterisk,
  kSlash,
  kPercent,
  kTilde,
  kAmpersand,
  kPipe,
  kConcatPipe,
  kOperatorPipe,
  kHat,
  kColon,
  kDoubleColon,
  kArrow,
  kFatArrow,
  kHintStart,
  kHintEnd,
  kQuestion,
  kStringLiteral,
  kDollarString,
  kDoubleQuoted,
  kBigIntLiteral,
  kSmallIntLiteral,
  kTinyIntLiteral,
  kIntegerValue,
  kExponentValue,
  kDecimalValue,
  kFloatLiteral,
  kDoubleLiteral,
  kBigDecimalLiteral,
  kIdentifier,
  kBackQuoted,
  kUnrecognized,  // a character that starts no token
#define X(token, text, keyword_class, ansi_non_reserved) token,
  FIRESTEEL_SQL_KEYWORDS(X)
#undef X
      kCount
};

constexpr Tok kFirstKeyword = Tok::kAdd;

inline bool IsKeyword(Tok token) { return token >= kFirstKeyword && token < Tok::kCount; }
/// The keyword's class; `token` must be a keyword.
KeywordClass ClassOf(Tok token);
bool IsAnsiNonReserved(Tok token);
/// Upper-case text of a keyword or of punctuation; empty for the other kinds.
std::string_view TokenText(Tok token);
/// The keyword that `word` is, whatever its case; kIdentifier if none.
Tok FindKeyword(std::string_view word);

}  // namespace firesteel::sql
