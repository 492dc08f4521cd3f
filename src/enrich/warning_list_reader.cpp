// One warning list out of its JSON.

#include <algorithm>

#include "enrich/json_reading.h"
#include "enrich/warning_lists.h"

namespace tocsin::enrich {
namespace {

using model::IocKind;

constexpr std::string_view kOp = "read a warning list";
constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxValue = 2048;

constexpr std::uint32_t bit(IocKind kind) {
  return 1U << static_cast<unsigned>(kind);
}
constexpr std::uint32_t kHashes = bit(IocKind::kMd5) | bit(IocKind::kSha1) | bit(IocKind::kSha256);
constexpr std::uint32_t kAllKinds = (1U << 8U) - 1;

struct AttributeKind {
  std::string_view head;  // of the attribute's name: "ip-src|port" begins with "ip"
  std::uint32_t kinds;
};
// Attribute types of MISP, https://www.misp-project.org/datamodels/#types
constexpr AttributeKind kAttributes[] = {
    {"ip", bit(IocKind::kIp)},
    {"domain|ip", bit(IocKind::kDomain) | bit(IocKind::kIp)},
    {"domain", bit(IocKind::kDomain)},
    {"hostname", bit(IocKind::kDomain)},
    {"url", bit(IocKind::kUrl)},
    {"uri", bit(IocKind::kUrl)},
    {"link", bit(IocKind::kUrl)},
    {"email", bit(IocKind::kEmail)},
    {"whois-registrant-email", bit(IocKind::kEmail)},
    {"md5", bit(IocKind::kMd5)},
    {"sha1", bit(IocKind::kSha1)},
    {"sha256", bit(IocKind::kSha256)},
    {"filename|md5", bit(IocKind::kMd5)},
    {"filename|sha1", bit(IocKind::kSha1)},
    {"filename|sha256", bit(IocKind::kSha256)},
    {"malware-sample", kHashes},
    {"vulnerability", bit(IocKind::kCve)},
};

constexpr std::string_view kTypes[] = {"string", "substring", "hostname", "cidr", "regex"};

Error no_list(std::string what, std::string where = {}) {
  return error(ErrorKind::kInvalidInput, std::string(kOp), std::move(what),
               "see schema.json of the misp-warninglists project", std::move(where));
}

std::uint32_t kinds_of(const boost::json::object& root) {
  const auto* names = root.if_contains("matching_attributes");
  if (names == nullptr || !names->is_array() || names->as_array().empty()) return kAllKinds;
  std::uint32_t kinds = 0;
  for (const auto& name : names->as_array()) {
    if (!name.is_string()) continue;
    const std::string_view text(name.as_string());
    for (const auto& known : kAttributes) {
      if (text.starts_with(known.head)) kinds |= known.kinds;
    }
  }
  return kinds;
}

std::string version_of(const boost::json::object& root) {
  const auto* version = root.if_contains("version");
  if (version != nullptr && version->is_int64()) return std::to_string(version->as_int64());
  return text_member(root, "version").substr(0, kMaxName);
}

// 20250825 is a date.
Timestamp date_of(std::string_view version) {
  if (version.size() < 8) return {};
  std::string date(version.substr(0, 4));
  date += '-';
  date += version.substr(4, 2);
  date += '-';
  date += version.substr(6, 2);
  return parse_time(date).value_or(Timestamp{});
}

std::optional<WarningType> type_of(std::string_view name) {
  const auto* found = std::find(std::begin(kTypes), std::end(kTypes), name);
  if (found == std::end(kTypes)) return std::nullopt;
  return static_cast<WarningType>(found - std::begin(kTypes));
}

}  // namespace

std::string_view to_text(WarningType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

Result<WarningList> read_warning_list(std::string_view json) {
  TOCSIN_TRY(root, parse_json_object(json, kOp));
  WarningList list;
  list.name = text_member(root, "name");
  if (list.name.empty() || list.name.size() > kMaxName)
    return no_list("its name must have 1 to 200 bytes", "/name");
  list.description = text_member(root, "description").substr(0, kMaxValue);
  list.version = version_of(root);
  list.as_of = date_of(list.version);
  const auto type = type_of(text_member(root, "type"));
  if (!type) return no_list("its type must be string, substring, hostname, cidr or regex", "/type");
  list.type = *type;
  list.known = text_member(root, "category").starts_with("known") ||
               text_member(root, "category").starts_with("Known");
  list.kinds = kinds_of(root);
  const auto* values = root.if_contains("list");
  if (values == nullptr || !values->is_array()) return no_list("it has no list", "/list");
  if (values->as_array().size() > kMaxWarningValues)
    return no_list("it has more than 1,200,000 values", "/list");
  for (const auto& value : values->as_array()) {
    if (value.is_string() && !value.as_string().empty() && value.as_string().size() <= kMaxValue) {
      list.values.emplace_back(value.as_string());
    } else {
      ++list.left_out;
    }
  }
  return list;
}

}  // namespace tocsin::enrich
