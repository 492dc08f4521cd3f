#include "api/dto/sla_dto.h"

namespace tocsin::api {

void write_sla(JsonWriter& json, const model::Incident& incident, const FirstResponseMinutes& minutes) {
  const auto allowed = minutes[static_cast<std::size_t>(incident.severity)];
  const auto due = incident.created_at + std::chrono::minutes(allowed);
  json.object([&] {
    json.member("first_response_minutes", allowed);
    json.member("first_response_due_at", due);
    json.member("first_response_at", incident.first_response_at);
    incident.first_response_at ? json.member("met", *incident.first_response_at <= due)
                               : json.member("met", nullptr);
  });
}

}  // namespace tocsin::api
