#include "store/sqlite/document.h"

#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

constexpr std::uint64_t kVersion = 3;
constexpr std::uint64_t kWithoutHabit = 2;
constexpr std::uint64_t kWithoutSubjects =
    1;  // facts said neither what they are about nor when they were asked
constexpr std::uint64_t kEventVersion = 1;
constexpr std::uint64_t kEntityKinds = 13;
constexpr std::uint64_t kEntityRoles = 5;
constexpr std::uint64_t kIocKinds = 8;

void write_lists(const model::Alert& alert, ByteWriter& to) {
  to.varint(alert.entities.size());
  for (const auto& entity : alert.entities) {
    to.varint(static_cast<std::uint64_t>(entity.kind));
    to.varint(static_cast<std::uint64_t>(entity.role));
    to.text(entity.value);
  }
  to.varint(alert.iocs.size());
  for (const auto& ioc : alert.iocs) {
    to.varint(static_cast<std::uint64_t>(ioc.kind));
    to.text(ioc.value);
  }
  to.varint(alert.triage.reasons.size());
  for (const auto& reason : alert.triage.reasons) {
    to.text(reason.text);
    to.real(reason.weight);
    to.texts(reason.evidence);
  }
  to.varint(alert.facts.size());
  for (const auto& fact : alert.facts) {
    to.text(fact.name);
    to.text(fact.value);
    to.text(fact.from);
    to.time(fact.as_of);
    to.text(fact.subject);
    to.time(fact.at);
  }
}

void read_lists(ByteReader& from, std::uint64_t version, model::Alert& alert) {
  alert.entities.resize(from.count());
  for (auto& entity : alert.entities) {
    entity.kind = from.enumerator<model::EntityKind>(kEntityKinds);
    entity.role = from.enumerator<model::EntityRole>(kEntityRoles);
    entity.value = from.text();
  }
  alert.iocs.resize(from.count());
  for (auto& ioc : alert.iocs) {
    ioc.kind = from.enumerator<model::IocKind>(kIocKinds);
    ioc.value = from.text();
  }
  alert.triage.reasons.resize(from.count());
  for (auto& reason : alert.triage.reasons) {
    reason.text = from.text();
    reason.weight = from.real();
    reason.evidence = from.texts();
  }
  alert.facts.resize(from.count());
  for (auto& fact : alert.facts) {
    fact.name = from.text();
    fact.value = from.text();
    fact.from = from.text();
    fact.as_of = from.time();
    if (version == kWithoutSubjects) continue;
    fact.subject = from.text();
    fact.at = from.time();
  }
}

void write_habit(const std::optional<model::Habit>& habit, ByteWriter& to) {
  to.varint(habit ? 1 : 0);
  if (!habit) return;
  for (const double value :
       {habit->on_asset, habit->anywhere, habit->hours, habit->called_real, habit->called_benign})
    to.real(value);
  for (const std::uint64_t value : {habit->new_on_asset, habit->new_elsewhere}) to.varint(value);
  to.varint(habit->asset);
}

std::optional<model::Habit> read_habit(ByteReader& from) {
  if (from.varint() == 0) return {};
  model::Habit habit;
  for (double* value :
       {&habit.on_asset, &habit.anywhere, &habit.hours, &habit.called_real, &habit.called_benign})
    *value = from.real();
  for (std::uint32_t* value : {&habit.new_on_asset, &habit.new_elsewhere})
    *value = static_cast<std::uint32_t>(from.varint());
  habit.asset = static_cast<std::uint8_t>(from.varint());
  return habit;
}

}  // namespace

void encode_document(const model::Alert& alert, std::string& out) {
  ByteWriter to(out);
  to.varint(kVersion);
  to.text(alert.message);
  write_lists(alert, to);
  to.optional_text(alert.source_url);
  to.optional_text(alert.vendor_status);
  to.optional_text(alert.vendor_verdict);
  to.optional_text(alert.process.command_line);
  to.optional_text(alert.process.parent);
  to.optional_text(alert.process.hash);
  to.text(alert.tlp);
  to.text(alert.raw);
  write_habit(alert.triage.habit, to);
}

bool decode_document(std::string_view bytes, model::Alert& alert) {
  ByteReader from(bytes);
  const auto version = from.varint();
  if (version < kWithoutSubjects || version > kVersion) return false;
  alert.message = from.text();
  read_lists(from, version, alert);
  alert.source_url = from.optional_text();
  alert.vendor_status = from.optional_text();
  alert.vendor_verdict = from.optional_text();
  alert.process.command_line = from.optional_text();
  alert.process.parent = from.optional_text();
  alert.process.hash = from.optional_text();
  alert.tlp = from.text();
  alert.raw = from.text();
  if (version > kWithoutHabit) alert.triage.habit = read_habit(from);
  return from.done();
}

void encode_attack(const model::Attack& attack, std::string& out) {
  if (attack.techniques.empty() && attack.tactics.empty()) return;
  ByteWriter to(out);
  to.texts(attack.techniques);
  to.texts(attack.tactics);
}

bool decode_attack(std::string_view bytes, model::Attack& attack) {
  if (bytes.empty()) return true;
  ByteReader from(bytes);
  attack.techniques = from.texts();
  attack.tactics = from.texts();
  return from.done();
}

void encode_event(const model::Event& event, std::string& out) {
  ByteWriter to(out);
  to.varint(kEventVersion);
  to.text(event.source);
  to.text(event.event_type);
  to.optional_text(event.user);
  to.optional_text(event.ip);
  to.optional_text(event.resource);
  to.text(event.message);
  to.time(event.occurred_at);
  to.time(event.received_at);
  to.text(event.raw);
}

bool decode_event(std::string_view bytes, model::Event& event) {
  ByteReader from(bytes);
  if (from.varint() != kEventVersion) return false;
  event.source = from.text();
  event.event_type = from.text();
  event.user = from.optional_text();
  event.ip = from.optional_text();
  event.resource = from.optional_text();
  event.message = from.text();
  event.occurred_at = from.time();
  event.received_at = from.time();
  event.raw = from.text();
  return from.done();
}

}  // namespace tocsin::store
