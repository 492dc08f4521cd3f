#include "api/case_data/case_data.h"

#include <algorithm>
#include <thread>

#include "base/hash.h"
#include "base/json_writer.h"
#include "ingest/json.h"

namespace tocsin::api {
namespace {

using ingest::Node;

constexpr std::string_view kPolicySetting = "case.policy";
constexpr std::string_view kChangesSetting = "case.changes";
constexpr std::string_view kAdvisoriesSetting = "case.advisories";
constexpr std::size_t kMaxDepth = 8;

constexpr std::string_view kLease = "case-data";
constexpr auto kEditTime = std::chrono::seconds(5);
constexpr auto kLookAgain = std::chrono::milliseconds(10);
constexpr int kLooks = 300;

Timestamp time_of(const Node& node) {
  return parse_time(node.text()).value_or(Timestamp{});
}

std::vector<std::string> texts_of(const Node& node) {
  std::vector<std::string> texts;
  if (node.is_array()) node.each([&](const Node& one) { texts.emplace_back(one.text()); });
  return texts;
}

Error damaged(std::string_view setting) {
  return error(ErrorKind::kInternal, "read " + std::string(setting), "its setting is damaged",
               "Set it again");
}

// Calls `read(root)` with what is stored, if anything is.
template <class Read>
Result<void> with_setting(const store::TenantStore& store, std::string_view name, Read read) {
  TOCSIN_TRY(text, store.setting(name));
  if (!text) return {};
  const auto json = ingest::ParsedJson::parse(*text, kMaxDepth);
  if (!json) return damaged(name);
  read(json->root());
  return {};
}

template <class Item, class Append>
std::string list_text(const std::vector<Item>& items, Append append) {
  std::string text;
  JsonWriter json(text);
  json.array([&] {
    for (const auto& item : items) json.written_by([&](std::string& out) { append(out, item); });
  });
  return text;
}

triage::CustomerPolicy policy_of(const Node& root) {
  triage::CustomerPolicy policy;
  root["allow_list"].each([&](const Node& one) {
    triage::AllowEntry entry{{}, std::string(one["value"].text()), std::string(one["reason"].text())};
    if (one["expires_at"].is_string()) entry.expires_at = time_of(one["expires_at"]);
    policy.allow_list.push_back(std::move(entry));
  });
  root["rate_limits"].each([&](const Node& one) {
    policy.rate_limits.push_back({{},
                                  std::string(one["name"].text()),
                                  std::string(one["applies_to"].text()),
                                  one["per_minute"].number().value_or(1)});
  });
  root["maintenance_windows"].each([&](const Node& one) {
    policy.maintenance.push_back({{},
                                  std::string(one["title"].text()),
                                  time_of(one["from"]),
                                  time_of(one["until"]),
                                  texts_of(one["resources"])});
  });
  root["settings"].members([&](std::string_view name, const Node& value) {
    policy.settings.push_back({std::string(name), value.scalar()});
  });
  name_items(policy);
  return policy;
}

std::string id_of(std::string_view prefix, std::initializer_list<std::string_view> parts) {
  FieldHasher hasher;
  for (const auto part : parts) hasher.add(part);
  return std::string(prefix) + to_hex(hasher.finish()).substr(0, 12);
}

}  // namespace

void name_items(triage::CustomerPolicy& policy) {
  for (auto& entry : policy.allow_list) entry.id = id_of("AW-", {entry.value});
  for (auto& limit : policy.rate_limits) limit.id = id_of("RL-", {limit.name});
  for (auto& window : policy.maintenance)
    window.id = id_of("MW-", {window.title, to_rfc3339(window.from), to_rfc3339(window.until)});
}

Result<StoredPolicy> read_policy(const store::TenantStore& store) {
  StoredPolicy stored;
  TOCSIN_CHECK(with_setting(store, kPolicySetting, [&](const Node& root) {
    stored.policy = policy_of(root);
    stored.version = root["version"].integer().value_or(0);
    stored.set_by = root["set_by"].text();
    stored.set_at = time_of(root["set_at"]);
  }));
  return stored;
}

Result<std::vector<model::Change>> read_changes(const store::TenantStore& store) {
  std::vector<model::Change> changes;
  TOCSIN_CHECK(with_setting(store, kChangesSetting, [&](const Node& root) {
    root.each([&](const Node& one) {
      changes.push_back({.id = std::string(one["id"].text()),
                         .at = time_of(one["at"]),
                         .kind = std::string(one["kind"].text()),
                         .summary = std::string(one["summary"].text()),
                         .resources = texts_of(one["resources"]),
                         .made_by = std::string(one["made_by"].text()),
                         .failed = one["failed"].is_true(),
                         .told_by = std::string(one["told_by"].text())});
    });
  }));
  return changes;
}

Result<std::vector<StoredAdvisory>> read_advisories(const store::TenantStore& store) {
  std::vector<StoredAdvisory> advisories;
  TOCSIN_CHECK(with_setting(store, kAdvisoriesSetting, [&](const Node& root) {
    root.each([&](const Node& one) {
      advisories.push_back({{.id = std::string(one["id"].text()),
                             .title = std::string(one["title"].text()),
                             .source = std::string(one["published_by"].text()),
                             .published_at = time_of(one["published_at"]),
                             .names = texts_of(one["names"]),
                             .products = texts_of(one["products"])},
                            std::string(one["text"].text()),
                            std::string(one["url"].text()),
                            std::string(one["posted_by"].text())});
    });
  }));
  return advisories;
}

void append_policy(std::string& out, const StoredPolicy& stored) {
  const auto& policy = stored.policy;
  JsonWriter json(out);
  const auto list = [&](std::string_view name, const auto& items, auto write) {
    json.member(name, [&] {
      json.array([&] {
        for (const auto& item : items) json.object([&] { write(item); });
      });
    });
  };
  json.object([&] {
    json.member("version", stored.version);
    json.member("set_by", stored.set_by);
    stored.version > 0 ? json.member("set_at", stored.set_at) : json.member("set_at", nullptr);
    list("allow_list", policy.allow_list, [&](const triage::AllowEntry& entry) {
      json.member("id", entry.id);
      json.member("value", entry.value);
      json.member("reason", entry.reason);
      json.member("expires_at", entry.expires_at);
    });
    list("rate_limits", policy.rate_limits, [&](const triage::RateLimit& limit) {
      json.member("id", limit.id);
      json.member("name", limit.name);
      json.member("applies_to", limit.applies_to);
      json.member("per_minute", limit.per_minute);
    });
    list("maintenance_windows", policy.maintenance, [&](const triage::MaintenanceWindow& window) {
      json.member("id", window.id);
      json.member("title", window.title);
      json.member("from", window.from);
      json.member("until", window.until);
      json.member("resources", window.resources);
    });
    json.member("settings", [&] {
      json.object([&] {
        for (const auto& setting : policy.settings) json.member(setting.name, setting.value);
      });
    });
  });
}

void append_change(std::string& out, const model::Change& change) {
  JsonWriter json(out);
  json.object([&] {
    json.member("id", change.id);
    json.member("at", change.at);
    json.member("kind", change.kind);
    json.member("summary", change.summary);
    json.member("resources", change.resources);
    json.member("made_by", change.made_by);
    json.member("failed", change.failed);
    json.member("told_by", change.told_by);
  });
}

void append_advisory(std::string& out, const StoredAdvisory& stored) {
  const auto& advisory = stored.advisory;
  JsonWriter json(out);
  json.object([&] {
    json.member("id", advisory.id);
    json.member("title", advisory.title);
    json.member("published_by", advisory.source);
    json.member("published_at", advisory.published_at);
    json.member("url", stored.url);
    json.member("text", stored.text);
    json.member("names", advisory.names);
    json.member("products", advisory.products);
    json.member("posted_by", stored.posted_by);
  });
}

Result<void> edit_case_data(store::TenantStore& store, const Edit& edit) {
  const auto owner = make_ulid(Timestamp{});  // of this edit alone
  for (int look = 0; look < kLooks; ++look) {
    TOCSIN_TRY(is_ours, store.leases().take(kLease, owner, kEditTime));
    if (is_ours) {
      auto done = edit();
      (void)store.leases().give_back(kLease, owner);  // it runs out by itself
      return done;
    }
    std::this_thread::sleep_for(kLookAgain);
  }
  return error(ErrorKind::kConflict, "change what agents weigh", "another change is being made",
               "Send it again in a few seconds");
}

Result<void> save_policy(store::TenantStore& store, const StoredPolicy& stored) {
  std::string text;
  append_policy(text, stored);
  return store.set_setting(kPolicySetting, text);
}

// The newest first, so that the beginning that the audit log keeps of a long value shows what is new.
Result<void> add_changes(store::TenantStore& store, std::vector<model::Change> changes) {
  TOCSIN_TRY(known, read_changes(store));
  changes.insert(changes.end(), std::make_move_iterator(known.begin()), std::make_move_iterator(known.end()));
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
  if (changes.size() > kMaxChanges) changes.resize(kMaxChanges);
  return store.set_setting(kChangesSetting, list_text(changes, append_change));
}

Result<void> save_advisories(store::TenantStore& store, std::vector<StoredAdvisory> advisories) {
  std::stable_sort(advisories.begin(), advisories.end(), [](const auto& a, const auto& b) {
    return a.advisory.published_at > b.advisory.published_at;
  });
  if (advisories.size() > kMaxAdvisories) advisories.resize(kMaxAdvisories);
  return store.set_setting(kAdvisoriesSetting, list_text(advisories, append_advisory));
}

}  // namespace tocsin::api
