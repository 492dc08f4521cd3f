#include "store/audit_json.h"

#include <array>

#include "base/sha256.h"

namespace tocsin::store {

std::string_view to_text(ActorKind kind) {
  constexpr std::array<std::string_view, 3> kNames{"machine", "person", "key"};
  const auto at = static_cast<std::size_t>(kind);
  return at < kNames.size() ? kNames[at] : "unknown";  // a row that somebody edited
}

void write_audit_record(JsonWriter& json, const AuditRecord& record) {
  json.object([&] {
    json.member("tenant", record.tenant.value);
    json.member("number", record.number);
    json.member("at", record.at);
    json.member("at_ns", to_unix_nanos(record.at));
    json.member("actor", record.actor);
    json.member("actor_kind", to_text(record.actor_kind));
    json.member("address", record.address);
    json.member("trace_id", record.trace_id);
    json.member("action", record.action);
    json.member("object_kind", record.object_kind);
    json.member("object_id", record.object_id);
    json.member("before", record.before);
    json.member("after", record.after);
    json.member("reason", record.reason);
    json.member("prev_hash", to_hex(record.prev_hash));
    json.member("hash", to_hex(record.hash));
  });
}

}  // namespace tocsin::store
