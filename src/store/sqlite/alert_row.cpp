#include "store/sqlite/alert_row.h"

#include "base/hash.h"
#include "store/sqlite/codec.h"
#include "store/sqlite/document.h"

namespace tocsin::store {
namespace {

using model::EntityKind;
using model::EntityRole;

constexpr std::initializer_list<EntityRole> kVictimFirst{EntityRole::kTarget, EntityRole::kSource,
                                                         EntityRole::kActor, EntityRole::kDestination,
                                                         EntityRole::kRelated};
constexpr std::initializer_list<EntityRole> kOriginFirst{EntityRole::kSource, EntityRole::kActor,
                                                         EntityRole::kTarget, EntityRole::kDestination,
                                                         EntityRole::kRelated};

template <class Enum>
Enum enumerator(const Statement& row, int column) {
  return static_cast<Enum>(row.integer(column));
}

void read_tags(std::string_view bytes, std::vector<std::string>& tags) {
  if (!bytes.empty()) tags = ByteReader(bytes).texts();
}

void read_names(const Statement& row, model::Alert& alert) {
  alert.id = alert_id(row.text(1));
  alert.source = row.text(2);
  alert.source_id = row.optional_text(3);
  alert.type = row.text(4);
  alert.title = row.text(5);
}

void read_state(const Statement& row, model::Alert& alert) {
  alert.severity = enumerator<model::Severity>(row, 6);
  alert.status = enumerator<model::AlertStatus>(row, 7);
  alert.triage.verdict = enumerator<model::Verdict>(row, 8);
  alert.priority = row.integer(9);
  alert.occurred_at = row.time(10);
  alert.received_at = row.time(11);
  alert.first_seen = row.time(12);
  alert.last_seen = row.time(13);
  alert.occurrences = row.int64(14);
  alert.fingerprint = to_hex(static_cast<std::uint64_t>(row.int64(15)));
  alert.asset_tier = enumerator<model::AssetTier>(row, 16);
  alert.requires_review = row.integer(17) != 0;
  alert.triage.fp_probability = row.real(18);
  alert.triage.confidence = row.real(19);
}

void read_rest(const Statement& row, model::Alert& alert) {
  decode_attack(row.blob(20), alert.attack);
  alert.assignee = row.optional_text(21);
  alert.close_reason = row.optional_text(22);
  read_tags(row.blob(23), alert.tags);
  if (!row.null(27)) alert.incident_id = IncidentId::parse(row.text(27));
}

}  // namespace

std::string_view alert_columns() {
  return "SELECT a.seq, a.ulid, a.source, a.source_id, a.type, a.title, a.severity, a.status, a.verdict, "
         "a.priority, "
         "a.occurred_at, a.received_at, a.first_seen, a.last_seen, a.occurrences, a.fingerprint, "
         "a.asset_tier, "
         "a.requires_review, a.fp_probability, a.confidence, a.attack, a.assignee, a.close_reason, a.tags, "
         "a.block, "
         "a.slot, a.version, i.id ";
}

std::string_view join_incident() {
  return "LEFT JOIN incident_alerts AS m ON m.tenant = a.tenant AND m.alert_seq = a.seq "
         "LEFT JOIN incidents AS i ON i.tenant = a.tenant AND i.seq = m.incident ";
}

std::string_view select_alert() {
  static const std::string kSelect = join_sql({alert_columns(), "FROM alerts AS a ", join_incident()});
  return kSelect;
}

StoredAlert read_alert(const Statement& row) {
  StoredAlert stored;
  stored.seq = row.int64(0);
  stored.alert.seq = stored.seq;
  read_names(row, stored.alert);
  read_state(row, stored.alert);
  read_rest(row, stored.alert);
  stored.block = row.int64(24);
  stored.slot = static_cast<std::size_t>(row.int64(25));
  stored.version = row.int64(26);
  return stored;
}

AlertColumns alert_columns(const model::Alert& alert) {
  AlertColumns columns;
  columns.ulid = std::string_view(alert.id.str()).substr(AlertTag::kPrefix.size());
  columns.host = find_entity(alert, EntityKind::kHost, kVictimFirst);
  columns.user = find_entity(alert, EntityKind::kUser, kVictimFirst);
  columns.ip = find_entity(alert, EntityKind::kIp, kOriginFirst);
  encode_attack(alert.attack, columns.attack);
  columns.tags = encode_tags(alert.tags);
  return columns;
}

std::string_view insert_alert() {
  return "INSERT INTO alerts (seq, tenant, ulid, source, source_id, type, title, severity, status, verdict, "
         "priority, "
         "occurred_at, received_at, first_seen, last_seen, occurrences, fingerprint, host, user, ip, "
         "asset_tier, "
         "requires_review, fp_probability, confidence, attack, assignee, close_reason, tags, version, block, "
         "slot) "
         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, "
         "?21, "
         "?22, ?23, ?24, ?25, ?26, ?27, ?28, 1, ?29, ?30)";
}

std::string encode_tags(const std::vector<std::string>& tags) {
  std::string bytes;
  if (!tags.empty()) ByteWriter(bytes).texts(tags);
  return bytes;
}

std::string with_tag(std::string_view encoded, std::string tag) {
  std::vector<std::string> tags;
  read_tags(encoded, tags);
  tags.push_back(std::move(tag));
  return encode_tags(tags);
}

AlertId alert_id(std::string_view ulid) {
  return AlertId::parse(std::string(AlertTag::kPrefix) + std::string(ulid)).value_or(AlertId());
}

}  // namespace tocsin::store
