#pragma once
// Assets, users and what was wrong with rows, as JSON.

#include "api/json_writer.h"
#include "enrich/inventory_fields.h"
#include "store/inventory.h"

namespace tocsin::api {

void write_row(JsonWriter& json, const store::Asset& asset);
void write_row(JsonWriter& json, const store::User& user);
void write_fault(JsonWriter& json, const enrich::RowFault& fault);

}  // namespace tocsin::api
