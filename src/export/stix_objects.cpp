#include "export/stix_objects.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "export/digest.h"

namespace tocsin::exports {
namespace {

using model::EntityKind;
using model::IocKind;

constexpr std::string_view kObservableSpace = "00abedb4-aa42-466c-9c01-fed23315a9b7";  // §2.9

bool all_of(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alnum(c) || more.find(c) != std::string_view::npos;
  });
}
bool is_hex(std::string_view text, std::size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}
bool is_address(const std::string& text, int family) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(family, text.c_str(), bytes.data()) == 1;
}
bool is_ipv4(const std::string& text) {
  return is_address(text, AF_INET);
}
bool is_ipv6(const std::string& text) {
  return is_address(text, AF_INET6);
}
// RFC 1035 labels; idn-hostname of the schema allows more, which we leave out.
bool is_domain(const std::string& text) {
  if (!all_of(text, "-.") || text.size() > 253 || text.find('.') == std::string::npos) return false;
  std::string_view rest = text;
  while (true) {
    const auto label = rest.substr(0, rest.find('.'));
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (label.size() == rest.size()) return true;
    rest.remove_prefix(label.size() + 1);
  }
}
// RFC 3986 characters, a scheme and an authority.
bool is_url(const std::string& text) {
  const auto scheme = text.find("://");
  if (scheme == std::string::npos || scheme == 0 || !all_of(text.substr(0, scheme), "+-.")) return false;
  const auto rest = text.substr(scheme + 3);
  if (!all_of(rest, "-._~:/?#@!$&'()*+,;=%")) return false;
  for (auto at = rest.find('%'); at != std::string::npos; at = rest.find('%', at + 1)) {
    if (!is_hex(rest.substr(at + 1, 2), 2)) return false;
  }
  return std::count(rest.begin(), rest.end(), '#') <= 1 && is_alnum(rest.front());
}
bool is_email(const std::string& text) {
  const auto at = text.find('@');
  if (at == std::string::npos || !all_of(text.substr(0, at), "._%+-")) return false;
  return text.front() != '.' && text[at - 1] != '.' && text.find("..") == std::string::npos &&
         is_domain(text.substr(at + 1));
}
bool is_mac(const std::string& text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool right = i % 3 == 2
                           ? text[i] == ':'
                           : std::string_view("0123456789abcdef").find(text[i]) != std::string_view::npos;
    if (!right) return false;
  }
  return true;
}
bool is_some_text(const std::string& text) {
  return !text.empty();
}

StixObject observable(std::string_view type, std::string_view property, std::string_view value) {
  std::string named;  // the id-contributing property as canonical JSON (RFC 8785)
  JsonWriter name(named);
  name.object([&] { name.member(property, value); });
  StixObject made{std::string(type) + "--" + uuid5(kObservableSpace, named), {}};
  JsonWriter json(made.json);
  json.object([&] {
    json.member("type", type);
    json.member("spec_version", "2.1");
    json.member("id", made.id);
    json.member(property, value);
  });
  return made;
}

// Processes have no id-contributing properties; their ids must be of version 4 (§6.13).
StixObject process(std::string_view command_line) {
  StixObject made{"process--" + uuid4(kOwnSpace, command_line), {}};
  JsonWriter json(made.json);
  json.object([&] {
    json.member("type", "process");
    json.member("spec_version", "2.1");
    json.member("id", made.id);
    json.member("command_line", command_line);
  });
  return made;
}

std::optional<StixObject> hashed_file(const std::string& hash) {
  struct Algorithm {
    std::size_t digits;
    std::string_view name;
  };
  constexpr std::array<Algorithm, 3> kAlgorithms{{{32, "MD5"}, {40, "SHA-1"}, {64, "SHA-256"}}};
  for (const auto& [digits, algorithm] : kAlgorithms) {
    if (!is_hex(hash, digits)) continue;
    std::string hashes;
    JsonWriter json(hashes);
    json.object([&, name = algorithm] { json.member(name, hash); });
    const std::string named = "{\"hashes\":" + hashes + "}";
    const auto id = "file--" + uuid5(kObservableSpace, named);
    std::string object = R"({"type":"file","spec_version":"2.1","id":")";
    object.append(id).append(R"(","hashes":)").append(hashes).append("}");
    return StixObject{id, std::move(object)};
  }
  return std::nullopt;
}

struct Rule {
  EntityKind kind;
  bool (*allowed)(const std::string&);
  std::string_view type;
  std::string_view property;
};
constexpr std::array<Rule, 9> kRules{{{EntityKind::kIp, is_ipv4, "ipv4-addr", "value"},
                                      {EntityKind::kIp, is_ipv6, "ipv6-addr", "value"},
                                      {EntityKind::kDomain, is_domain, "domain-name", "value"},
                                      {EntityKind::kUrl, is_url, "url", "value"},
                                      {EntityKind::kEmail, is_email, "email-addr", "value"},
                                      {EntityKind::kMac, is_mac, "mac-addr", "value"},
                                      {EntityKind::kFile, is_some_text, "file", "name"},
                                      {EntityKind::kUser, is_some_text, "user-account", "account_login"},
                                      {EntityKind::kAccount, is_some_text, "user-account", "user_id"}}};

EntityKind kind_of(IocKind kind) {
  constexpr std::array<EntityKind, 8> kKinds{EntityKind::kIp,    EntityKind::kDomain, EntityKind::kUrl,
                                             EntityKind::kHash,  EntityKind::kHash,   EntityKind::kHash,
                                             EntityKind::kEmail, EntityKind::kCve};
  return kKinds[static_cast<std::size_t>(kind)];
}

}  // namespace

std::string stix_id(std::string_view type, std::string_view name) {
  return std::string(type) + "--" + uuid5(kOwnSpace, std::string(type) + ":" + std::string(name));
}

std::optional<StixObject> observable_of(const model::Entity& entity) {
  if (entity.kind == EntityKind::kHash) return hashed_file(entity.value);
  if (entity.kind == EntityKind::kProcess && !entity.value.empty()) return process(entity.value);
  for (const auto& rule : kRules) {
    if (rule.kind == entity.kind && rule.allowed(entity.value)) {
      return observable(rule.type, rule.property, entity.value);
    }
  }
  return std::nullopt;
}

std::optional<StixObject> observable_of(const model::Ioc& ioc) {
  return observable_of(model::Entity{kind_of(ioc.kind), ioc.value, model::EntityRole::kRelated});
}

}  // namespace tocsin::exports
