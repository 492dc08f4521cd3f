#include "app/record_event.h"

namespace tocsin::app {

model::Event to_event(const ingest::Record& record) {
  const auto& alert = record.alert;
  const auto pick = [&](model::EntityKind kind) -> std::optional<std::string> {
    using Role = model::EntityRole;
    const auto value =
        find_entity(alert, kind, {Role::kTarget, Role::kActor, Role::kSource, Role::kDestination});
    return value.empty() ? std::nullopt : std::optional<std::string>(value);
  };
  model::Event event;
  event.source = alert.source;
  event.event_type = alert.type;
  event.user = pick(model::EntityKind::kUser);
  event.ip = pick(model::EntityKind::kIp);
  event.resource = pick(model::EntityKind::kHost);
  event.message = alert.message.empty() ? alert.title : alert.message;
  event.occurred_at = alert.occurred_at;
  event.received_at = alert.received_at;
  event.raw = alert.raw;
  return event;
}

}  // namespace tocsin::app
