#pragma once
// For tests of scopes: alerts, assets and incidents that overlap in every way, and a plain answer to which
// alerts a scope has.

#include <random>

#include "base/ascii.h"
#include "model/network.h"
#include "store/backend_test.h"
#include "store/scoped.h"

namespace tocsin::store::test {

inline const std::string kOddName = "o'brien\"; --";
inline const std::string kOddGroup = "x'); DROP TABLE alerts;--%_";

inline Asset asset_of(std::string name, std::vector<std::string> hosts, std::vector<std::string> addresses,
                      std::string department, std::string zone = "", std::vector<std::string> tags = {}) {
  Asset made;
  made.name = std::move(name);
  made.hosts = std::move(hosts);
  made.addresses = std::move(addresses);
  made.department = std::move(department);
  made.zone = std::move(zone);
  made.tags = std::move(tags);
  return made;
}

inline std::vector<Asset> scope_assets() {
  return {asset_of("Web-01", {}, {}, "Web", "", {"pci", "web"}),
          asset_of("web-02", {"www"}, {}, "WEB", "dmz"),
          asset_of("db-01.corp.example", {}, {"10.1.2.3"}, "Data"),
          asset_of("shared.a.example", {}, {}, "Web"),
          asset_of("shared.b.example", {}, {}, "Data"),
          asset_of("office", {}, {"10.9.0.0/16"}, "", "office"),
          asset_of("vlan7", {}, {"10.9.7.0/24", "192.168.5.0/30"}, "", "", {"lab"}),
          asset_of("six", {}, {"2001:db8::/32"}, "", "v6"),
          asset_of("mapped", {}, {"::ffff:192.168.0.0/112"}, "mapped"),
          asset_of("nobody", {}, {"203.0.113.0/24"}, ""),
          asset_of("odd", {kOddName}, {}, "", "", {kOddGroup})};
}

inline std::vector<model::AlertScope> scopes() {
  return {{{"suricata"}, {}},
          {{"wazuh", "api", "no such source"}, {}},
          {{"no such source"}, {}},
          {{"Suricata"}, {}},
          {{}, {"web"}},
          {{}, {"WEB", "data"}},
          {{}, {"DMZ"}},
          {{}, {"office"}},
          {{}, {"lab", "v6"}},
          {{}, {"mapped"}},
          {{}, {""}},
          {{}, {"%"}},
          {{}, {kOddGroup}},
          {{"suricata", "splunk"}, {"web", "office"}},
          {{"wazuh"}, {"pci", "nothing"}},
          {{}, {}}};
}

// The way of the slow: every asset, for every alert.
class PlainScope {
 public:
  PlainScope(const model::AlertScope& scope, const std::vector<Asset>& assets)
      : scope_(scope), assets_(assets) {}

  bool has(const model::Alert& alert) const {
    const auto& sources = scope_.sources;
    if (!sources.empty() && std::find(sources.begin(), sources.end(), alert.source) == sources.end())
      return false;
    if (scope_.asset_groups.empty()) return true;
    return std::any_of(assets_.begin(), assets_.end(), [&](const Asset& asset) {
      return in_groups(asset) && (owns_address(asset, host_of(alert)) || owns_address(asset, ip_of(alert)) ||
                                  owns_host(asset, to_lower(host_of(alert))));
    });
  }
  static std::string host_of(const model::Alert& alert) { return first(alert, model::EntityKind::kHost); }
  static std::string ip_of(const model::Alert& alert) { return first(alert, model::EntityKind::kIp); }

 private:
  static std::string first(const model::Alert& alert, model::EntityKind kind) {
    for (const auto& entity : alert.entities) {
      if (entity.kind == kind) return entity.value;
    }
    return {};
  }
  bool in_groups(const Asset& asset) const {
    auto own = asset.tags;
    own.push_back(asset.department);
    own.push_back(asset.zone);
    for (const auto& group : scope_.asset_groups) {
      for (const auto& name : own) {
        if (!name.empty() && to_lower(name) == to_lower(group)) return true;
      }
    }
    return false;
  }
  static bool owns_address(const Asset& asset, const std::string& text) {
    const auto address = model::parse_address(text);
    return address && std::any_of(asset.addresses.begin(), asset.addresses.end(), [&](const auto& block) {
             return model::contains(*model::parse_network(block), *address);
           });
  }
  static std::vector<std::string> names_of(const Asset& asset) {
    std::vector<std::string> names{to_lower(asset.name)};
    for (const auto& host : asset.hosts) names.push_back(to_lower(host));
    return names;
  }
  static bool has_name(const Asset& asset, const std::string& name) {
    const auto names = names_of(asset);
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  static bool has_label(const Asset& asset, const std::string& label) {
    const auto names = names_of(asset);
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& name) { return name.starts_with(label + "."); });
  }
  bool owns_host(const Asset& asset, const std::string& host) const {
    const auto owners = [&](const auto& owns) { return std::count_if(assets_.begin(), assets_.end(), owns); };
    if (host.empty()) return false;
    if (owners([&](const Asset& any) { return has_name(any, host); }) > 0) return has_name(asset, host);
    if (model::parse_address(host)) return false;
    if (host.find('.') != std::string::npos) return has_name(asset, host.substr(0, host.find('.')));
    return has_label(asset, host) && owners([&](const Asset& any) { return has_label(any, host); }) == 1;
  }

  const model::AlertScope& scope_;
  const std::vector<Asset>& assets_;
};

// Alerts, assets and incidents in the store, and the alerts beside it.
class ScopeTest : public BackendTest {
 protected:
  static constexpr int kAlerts = 240;
  static constexpr Seq kIncidents = 24;

  void SetUp() override {
    BackendTest::SetUp();
    if (IsSkipped()) return;
    value_of(store().assets().put(assets_, PutMode::kReplace));
    auto batch = make_batch(0, kAlerts, now());
    for (auto& added : batch.alerts) vary(added.alert);
    for (const auto& added : batch.alerts) truth_.push_back(added.alert);
    const auto outcomes = value_of(append(alerts(), std::move(batch)));
    for (std::size_t i = 0; i < outcomes.size(); ++i) truth_[i].seq = outcomes[i].seq;
    correlate();
  }

  void vary(model::Alert& alert) {
    const std::vector<std::string> hosts{
        "",      "web-01",   "WEB-01.corp.example", "www",    "mail",  "web-02.other.org",
        "db-01", "10.1.2.3", "db-01.corp.example",  "shared", kOddName};
    const std::vector<std::string> ips{"",
                                       "10.1.2.3",
                                       "10.9.7.1",
                                       "10.9.8.1",
                                       "192.168.5.2",
                                       "2001:db8::7",
                                       "::ffff:10.9.1.1",
                                       "203.0.113.7",
                                       "192.168.9.9",
                                       "no address"};
    alert.entities.clear();
    const auto& host = hosts[random_() % hosts.size()];
    const auto& ip = ips[random_() % ips.size()];
    if (!host.empty()) alert.entities.push_back({model::EntityKind::kHost, host, model::EntityRole::kTarget});
    if (!ip.empty()) alert.entities.push_back({model::EntityKind::kIp, ip, model::EntityRole::kSource});
    alert.severity = static_cast<model::Severity>(random_() % 5);
    alert.occurred_at = now() - std::chrono::minutes(random_() % 500);
    alert.title = "Alert " + std::to_string(truth_.size() + random_() % 9) + " on " + alert.source;
    if (random_() % 2 == 0) alert.attack = {{"T1059"}, {"TA0002"}};
  }

  // Incident n has the alerts n, n + kIncidents …; those of the last ones went into others.
  void correlate() {
    CorrelationDelta delta;
    for (Seq n = 1; n <= kIncidents; ++n) {
      model::Incident incident;
      incident.seq = n;
      incident.id = IncidentId::make(now() + std::chrono::milliseconds(n));
      incident.title = "Incident of secret" + std::to_string(n);
      incident.severity = static_cast<model::Severity>(n % 5);
      incident.priority = static_cast<int>(n * 7 % 50);
      incident.created_at = incident.updated_at = now() + std::chrono::seconds(n * 5 % 13);
      incident.first_seen = now() - std::chrono::hours(1000);
      incident.last_seen = now() + std::chrono::hours(1000);
      incident.lead_alert = truth_[static_cast<std::size_t>(n)].seq;
      incident.tactics = 0xFF;
      incident.review_reason = "secret";
      if (n > kIncidents - 3) incident.merged_into = delta.upserts[static_cast<std::size_t>(n % 5)].id;
      delta.upserts.push_back(std::move(incident));
    }
    // A few alerts belong to none; few incidents have many, many have few.
    for (std::size_t i = 0; i + 10 < truth_.size(); ++i) {
      model::Membership member;
      member.alert = truth_[i].seq;
      member.incident = 1 + static_cast<Seq>(random_() % (i < 30 ? kIncidents - 3 : 6));
      member.linked_to = i > 0 ? truth_[random_() % i].seq : 0;
      member.reason = model::LinkReason::kSharedEntities;
      member.weight_hundredths = 120;
      member.entity_indexes = {0};
      members_.push_back(member);
    }
    delta.memberships = members_;
    ASSERT_TRUE(succeeded(incidents().apply(delta)));
  }

  std::vector<model::Alert> visible(const model::AlertScope& scope) const {
    std::vector<model::Alert> kept;
    const PlainScope plain(scope, assets_);
    std::copy_if(truth_.begin(), truth_.end(), std::back_inserter(kept),
                 [&](const auto& alert) { return plain.has(alert); });
    return kept;
  }
  static std::set<std::string> ids(const std::vector<model::Alert>& alerts) {
    std::set<std::string> all;
    for (const auto& alert : alerts) all.insert(alert.id.str());
    return all;
  }
  static std::string named(const model::AlertScope& scope) {
    std::string text = "sources:";
    for (const auto& source : scope.sources) text += " " + source;
    text += " groups:";
    for (const auto& group : scope.asset_groups) text += " \"" + group + "\"";
    return text;
  }

  std::vector<Asset> assets_ = scope_assets();
  std::vector<model::Alert> truth_;
  std::vector<model::Membership> members_;
  std::mt19937 random_{20260104};
};

}  // namespace tocsin::store::test
