#include "api/dto/inventory_dto.h"

namespace tocsin::api {
namespace {

void write_tier(JsonWriter& json, const std::optional<model::AssetTier>& tier) {
  tier ? json.member("tier", to_text(*tier)) : json.member("tier", nullptr);
}

void write_meta(JsonWriter& json, const store::RowMeta& meta) {
  json.member("origin", meta.origin);
  json.member("updated_at", meta.updated_at);
  json.member("updated_by", meta.updated_by);
  json.member("version", meta.version);
}

}  // namespace

void write_row(JsonWriter& json, const store::Asset& asset) {
  json.object([&] {
    json.member("id", asset.meta.id);
    json.member("name", asset.name);
    json.member("hosts", asset.hosts);
    json.member("addresses", asset.addresses);
    write_tier(json, asset.tier);
    json.member("owner", asset.owner);
    json.member("department", asset.department);
    json.member("zone", asset.zone);
    json.member("tags", asset.tags);
    write_meta(json, asset.meta);
  });
}

void write_row(JsonWriter& json, const store::User& user) {
  json.object([&] {
    json.member("id", user.meta.id);
    json.member("name", user.name);
    json.member("email", user.email);
    json.member("aliases", user.aliases);
    json.member("department", user.department);
    json.member("title", user.title);
    json.member("manager", user.manager);
    json.member("privileged", user.privileged);
    write_tier(json, user.tier);
    write_meta(json, user.meta);
  });
}

void write_fault(JsonWriter& json, const enrich::RowFault& fault) {
  json.object([&] {
    json.member("line", fault.line);
    fault.column == 0 ? json.member("column", nullptr) : json.member("column", fault.column);
    json.member("field", fault.field);
    json.member("reason", fault.reason);
  });
}

}  // namespace tocsin::api
