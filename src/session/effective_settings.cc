// Written by tools/check_settings.py --write.
#include "session/effective_settings.h"

namespace firesteel::session {

namespace {

constexpr std::string_view kKeys[] = {
    "spark.catalog",
    "spark.connect.Relation.catalog",
    "spark.connect.authenticate.token",
    "spark.connect.execute.manager.abandonedTombstonesSize",
    "spark.connect.execute.manager.detachedTimeout",
    "spark.connect.execute.reattachable.enabled",
    "spark.connect.execute.reattachable.observerRetryBufferSize",
    "spark.connect.execute.reattachable.senderMaxStreamDuration",
    "spark.connect.execute.reattachable.senderMaxStreamSize",
    "spark.connect.grpc.arrow.maxBatchSize",
    "spark.connect.grpc.binding.address",
    "spark.connect.grpc.binding.port",
    "spark.connect.grpc.marshallerRecursionLimit",
    "spark.connect.grpc.maxInboundMessageSize",
    "spark.connect.grpc.maxMetadataSize",
    "spark.connect.grpc.port.maxRetries",
    "spark.connect.maxPlanSize",
    "spark.connect.progress.reportInterval",
    "spark.connect.session.manager.closedSessionsTombstonesSize",
    "spark.connect.session.manager.defaultSessionTimeout",
    "spark.connect.session.resultChunking.maxChunkSize",
    "spark.driver.memory",
    "spark.local.dir",
    "spark.master",
    "spark.sql.ansi.doubleQuotedIdentifiers",
    "spark.sql.ansi.enabled",
    "spark.sql.ansi.enforceReservedKeywords",
    "spark.sql.caseSensitive",
    "spark.sql.connect.enrichError.enabled",
    "spark.sql.crossJoin.enabled",
    "spark.sql.debug.maxToStringFields",
    "spark.sql.decimalOperations.allowPrecisionLoss",
    "spark.sql.execution.arrow.maxRecordsPerBatch",
    "spark.sql.execution.arrow.useLargeVarTypes",
    "spark.sql.groupByAliases",
    "spark.sql.groupByOrdinal",
    "spark.sql.legacy.exponentLiteralAsDecimal.enabled",
    "spark.sql.legacy.sizeOfNull",
    "spark.sql.legacy.timeParserPolicy",
    "spark.sql.orderByOrdinal",
    "spark.sql.parser.escapedStringLiterals",
    "spark.sql.parser.quotedRegexColumnNames",
    "spark.sql.pivotMaxValues",
    "spark.sql.session.localRelationChunkSizeLimit",
    "spark.sql.session.localRelationSizeLimit",
    "spark.sql.session.timeZone",
    "spark.sql.sources.default",
    "spark.sql.sources.partitionColumnTypeInference.enabled",
    "spark.sql.timestampType",
    "spark.ssl.connect.certChain",
    "spark.ssl.connect.enabled",
    "spark.ssl.connect.needClientAuth",
    "spark.ssl.connect.privateKey",
    "spark.ssl.connect.trustStore",
};

}  // namespace

std::span<const std::string_view> EffectiveSettings() { return kKeys; }

}  // namespace firesteel::session
