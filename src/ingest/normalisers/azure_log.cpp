#include "ingest/normalisers/azure_log.h"

#include "ingest/times.h"

namespace tocsin::ingest {

Node first_of_list(const Node& object) {
  for (const auto* member : {"records", "value", "Records"}) {
    if (object[member].is_array()) return object[member].at(0);
  }
  return object;
}

AzureLog read_azure_log(const Node& row) {
  AzureLog log;
  log.row = row;
  const Node inner = row.any({"properties", "Properties"});
  log.properties = inner.is_object() ? inner : row;
  const Node category = row.any({"category", "Category", "CategoryValue"});
  log.category = category.is_object() ? category["value"].scalar() : category.scalar();
  const Node operation = row.any({"operationName", "operationname", "OperationNameValue", "OperationName"});
  log.operation = operation.is_object() ? operation["value"].scalar() : operation.scalar();
  log.resource_id = row.any({"resourceId", "resourceid", "_ResourceId", "ResourceId"}).scalar();
  log.caller_ip = row.any({"callerIpAddress", "calleripaddress", "CallerIpAddress"}).scalar();
  log.correlation_id = row.any({"correlationId", "correlationid", "CorrelationId"}).scalar();
  log.result = row.any({"resultType", "resulttype", "ResultType"}).scalar();
  log.description = row.any({"resultDescription", "ResultDescription"}).scalar();
  log.time = read_time(row.any({"time", "eventTimestamp", "TimeGenerated", "EventSubmissionTimestamp"}));
  return log;
}

}  // namespace tocsin::ingest
