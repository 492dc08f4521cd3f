#include "store/audit_fields.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/utf8.h"
#include "store/audit.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kShownOfCut = 500;  // bytes
constexpr std::size_t kIdBytes = 60;      // of one of many
constexpr std::size_t kRoomForLeftOut = 40;

// Long values are cut before they are looked at: the prefix need not be valid UTF-8, the writer sees to it.
std::string cut_value(std::string_view shown, std::size_t bytes, std::string_view hash) {
  std::string json;
  JsonWriter writer(json);
  writer.object([&] {
    writer.member("cut", shown);
    writer.member("bytes", bytes);
    writer.member("sha256", hash);
  });
  return json;
}

}  // namespace

std::string audit_value(std::string_view value) {
  if (value.size() > kAuditValueBytes) {
    return cut_value(utf8_prefix(value, kShownOfCut), value.size(), sha256_hex(value));
  }
  std::string json;
  append_json_string(json, value);
  return json;
}

std::string audit_value(const std::vector<std::string>& values) {
  std::size_t bytes = 0;
  for (const auto& value : values) bytes += value.size() + 3;
  if (bytes > kAuditValueBytes) return audit_ids(values);
  std::string json;
  JsonWriter(json).value(values);
  return json;
}

std::string audit_ids(const std::vector<std::string>& ids) {
  Sha256 all;
  for (const auto& id : ids) all.add(id).add("\n");
  const auto hash = to_hex(all.finish());
  std::string json;
  JsonWriter writer(json);
  writer.object([&] {
    writer.member("count", ids.size());
    writer.member("ids", [&] {
      writer.array([&] {
        for (std::size_t i = 0; i < std::min(ids.size(), kAuditIdsShown); ++i)
          writer.value(std::string_view(ids[i]).substr(0, kIdBytes));
      });
    });
    writer.member("sha256", hash);
  });
  return json;
}

void AuditSide::put(std::string_view name, std::string_view json) {
  std::string field;
  append_json_string(field, name);
  field.append(":").append(json);
  if (fields_.size() + field.size() + kRoomForLeftOut > kAuditSideBytes) {
    ++left_out_;
    return;
  }
  fields_ += (fields_.empty() ? "" : ",") + field;
}

std::string AuditSide::text() const {
  if (left_out_ > 0) {
    const auto count = "\"left_out\":" + std::to_string(left_out_);
    return '{' + fields_ + (fields_.empty() ? "" : ",") + count + '}';
  }
  return fields_.empty() ? std::string() : '{' + fields_ + '}';
}

}  // namespace tocsin::store
