#include "hunt/values.h"

#include <algorithm>

namespace tocsin::hunt {
namespace {

using model::EntityKind;
using model::IocKind;

constexpr std::size_t kMaxValueBytes = 512;

// A part of a value is used only when something is left of it.
std::string_view or_whole(std::string_view part, std::string_view whole) {
  return part.empty() ? whole : part;
}

std::string_view account_of(std::string_view user) {
  auto name = user;
  if (const auto slash = name.rfind('\\'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  return or_whole(name.substr(0, name.find('@')), user);
}

bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string_view short_host(std::string_view host) {
  return is_address(host) ? host : or_whole(host.substr(0, host.find('.')), host);
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : or_whole(path.substr(slash + 1), path);
}

void add(ValueLists& lists, std::string_view name, std::string_view value) {
  auto& list = lists[std::string(name)];
  if (value.empty() || std::find(list.values.begin(), list.values.end(), value) != list.values.end()) return;
  if (value.size() > kMaxValueBytes || list.values.size() == kMaxValues) {
    ++list.left_out;
  } else {
    list.values.emplace_back(value);
  }
}

void add_user(ValueLists& lists, std::string_view value) {
  add(lists, "users", value);
  add(lists, "accounts", account_of(value));
}

void add_entity(ValueLists& lists, EntityKind kind, std::string_view value) {
  switch (kind) {
    case EntityKind::kUser:
    case EntityKind::kAccount:
      return add_user(lists, value);
    case EntityKind::kEmail:
      add(lists, "emails", value);
      return;
    case EntityKind::kHost:
      add(lists, "hosts", short_host(value));
      return add(lists, "fqdns", value);
    case EntityKind::kIp:
      return add(lists, "ips", value);
    case EntityKind::kDomain:
      return add(lists, "domains", value);
    case EntityKind::kUrl:
      return add(lists, "urls", value);
    case EntityKind::kHash:
      return add(lists, "hashes", value);
    case EntityKind::kFile:
      return add(lists, "files", file_name(value));
    case EntityKind::kProcess:
      return add(lists, "processes", file_name(value));
    case EntityKind::kCloudResource:
      return add(lists, "resources", value);
    case EntityKind::kCve:
    case EntityKind::kMac:
      return;
  }
}

EntityKind kind_of(IocKind kind) {
  switch (kind) {
    case IocKind::kIp:
      return EntityKind::kIp;
    case IocKind::kDomain:
      return EntityKind::kDomain;
    case IocKind::kUrl:
      return EntityKind::kUrl;
    case IocKind::kEmail:
      return EntityKind::kEmail;
    case IocKind::kCve:
      return EntityKind::kCve;
    case IocKind::kMd5:
    case IocKind::kSha1:
    case IocKind::kSha256:
      break;
  }
  return EntityKind::kHash;
}

}  // namespace

ValueLists value_lists(const Case& incident) {
  ValueLists lists;
  for (const auto& entity : incident.entities) add_entity(lists, entity.kind, entity.value);
  for (const auto& ioc : incident.iocs) add_entity(lists, kind_of(ioc.kind), ioc.value);
  return lists;
}

}  // namespace tocsin::hunt
