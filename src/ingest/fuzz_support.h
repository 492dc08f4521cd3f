#pragma once
// What must hold for every byte string that reaches a normaliser. Used by the fuzz targets.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "ingest/draft.h"
#include "ingest/ingest.h"
#include "ingest/ip.h"
#include "ingest/json_scan.h"
#include "model/alert_json.h"

namespace tocsin::ingest::fuzz {

inline void check(bool holds) {
  if (!holds) std::abort();
}

inline void check_alert(const model::Alert& alert) {
  check(!alert.source.empty() && !alert.title.empty() && !alert.type.empty());
  check(alert.title.size() <= kMaxTitleBytes && alert.message.size() <= kMaxMessageBytes);
  check(alert.entities.size() <= model::kMaxEntities && alert.iocs.size() <= model::kMaxIocs);
  check(alert.tags.size() <= kMaxTags);
  for (const auto& entity : alert.entities)
    check(!entity.value.empty() && entity.value.size() <= kMaxEntityBytes);
  for (const auto& ioc : alert.iocs) {
    const auto address = ioc.kind == model::IocKind::kIp ? parse_ip(ioc.value) : std::nullopt;
    check(ioc.kind != model::IocKind::kIp || (address && is_public(*address)));
  }
  std::string json;
  model::append_alert_json(json, alert, true);
  check(find_invalid_utf8(json) == json.size());
  check(find_json_fault(json, 128).message.empty());
  check(json.find('\n') == std::string::npos);
  check(model::parse_alert_json(json).ok());
}

inline void check_all(const Normalised& normalised) {
  for (const auto& record : normalised.records) {
    check_alert(record.alert);
    fingerprint(record.alert);
  }
  for (const auto& rejection : normalised.rejections) check(!rejection.error.message.empty());
}

inline Options options() {
  Options options;
  options.now = from_unix_nanos(1'767'225'600'000'000'000);  // 2026-01-01
  options.max_items = 1000;
  return options;
}

inline int normalise_one(const char* source, const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto result = normalise(source, body, options());
  if (result) check_all(*result);
  return 0;
}

}  // namespace tocsin::ingest::fuzz
