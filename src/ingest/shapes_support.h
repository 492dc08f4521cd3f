#pragma once
// What the tests of vendors' documented shapes ask of one record.

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "ingest/ingest.h"
#include "ingest/times.h"

namespace tocsin::ingest::shapes {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

// The only record of the body; a failure of the test when there is none or more than one.
inline Record read_record(std::string_view source, std::string_view body) {
  auto result = normalise(source, body, {});
  EXPECT_TRUE(result) << body;
  if (!result) return {};
  EXPECT_TRUE(result->rejections.empty()) << body;
  EXPECT_EQ(result->records.size(), 1U) << body;
  return result->records.empty() ? Record{} : std::move(result->records[0]);
}

inline model::Alert read(std::string_view source, std::string_view body) {
  return read_record(source, body).alert;
}

inline bool has(const model::Alert& alert, EntityKind kind, std::string_view value, EntityRole role) {
  const model::Entity wanted{kind, std::string(value), role};
  return std::find(alert.entities.begin(), alert.entities.end(), wanted) != alert.entities.end();
}

inline bool has_ioc(const model::Alert& alert, std::string_view value) {
  return std::any_of(alert.iocs.begin(), alert.iocs.end(),
                     [&](const auto& ioc) { return ioc.value == value; });
}

inline bool has_technique(const model::Alert& alert, std::string_view id) {
  const auto& all = alert.attack.techniques;
  return std::find(all.begin(), all.end(), id) != all.end();
}

}  // namespace tocsin::ingest::shapes
