// What the agents weigh beside alerts: the customer's policy, changes, advisories.

#include "api/routes/case_data.h"

#include <set>

#include "api/body.h"
#include "api/case_data/case_data.h"
#include "api/case_data/change_intake.h"
#include "api/changes.h"
#include "api/context.h"
#include "api/dto/page_dto.h"
#include "api/errors.h"
#include "api/query_text.h"
#include "ingest/ioc.h"
#include "model/attack.h"
#include "model/network.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxReason = 500;
constexpr std::size_t kMaxResources = 200;  // of a maintenance window
constexpr std::size_t kMaxAtOnce = 100;     // changes of one call
constexpr std::size_t kMaxPosted = 64U << 10;
constexpr std::size_t kMaxProducts = 50;

struct AdvisoryTag {
  static constexpr std::string_view kPrefix = "AD-";
};

std::optional<Timestamp> read_moment(Body& body, std::string_view name) {
  const auto text = body.text(name, 64, false);
  if (!text) return std::nullopt;
  const auto time = parse_time(*text);
  if (!time) body.fail(name, "is not a time such as 2026-01-18T11:00:00Z");
  return time;
}

// Each element of a list as a Body of its own; what is wrong in it is told with its place.
template <class Read>
void read_each(Body& body, std::string_view name, std::size_t most, Read read) {
  const auto* value = body.any(name);
  if (value == nullptr) return;
  if (!value->is_array() || value->get_array().size() > most)
    return body.fail(name, "must be a list of at most " + std::to_string(most));
  std::size_t place = 0;
  for (const auto& one : value->get_array()) {
    const auto pointer = pointer_to(name) + "/" + std::to_string(place++);
    if (!one.is_object()) return body.fail(name, "each of it must be an object");
    auto inner = body.inside(pointer, one.get_object());
    read(inner);
    body.adopt(inner);
  }
}

// ---- policy

void read_allow_entry(Body& body, triage::CustomerPolicy& policy) {
  body.require("value");
  body.require("reason");
  triage::AllowEntry entry;
  entry.value = body.text("value", kMaxName, false).value_or("");
  entry.reason = body.text("reason", kMaxReason, false).value_or("");
  if (const auto until = body.nullable_text("expires_at", 64); until && *until) {
    entry.expires_at = parse_time(**until);
    if (!entry.expires_at) body.fail("expires_at", "is not a time such as 2026-01-18T11:00:00Z");
  }
  // A list that allows whole continents allows the attacker.
  const auto network = model::parse_network(entry.value);
  constexpr int kWidestV4 = 96 + 8;  // IPv4 lies in ::ffff:0:0/96
  constexpr int kWidestV6 = 32;
  const bool is_v6 = entry.value.find(':') != std::string::npos;
  if (network && network->prefix < (is_v6 ? kWidestV6 : kWidestV4))
    body.fail("value", "is too wide: at most a /8, of IPv6 a /32");
  policy.allow_list.push_back(std::move(entry));
}

void read_rate_limit(Body& body, triage::CustomerPolicy& policy) {
  body.require("name");
  body.require("per_minute");
  triage::RateLimit limit;
  limit.name = body.text("name", kMaxName, false).value_or("");
  limit.applies_to = body.text("applies_to", kMaxName).value_or("");
  limit.per_minute = static_cast<double>(body.integer("per_minute", 1, 1'000'000).value_or(1));
  policy.rate_limits.push_back(std::move(limit));
}

void read_maintenance(Body& body, triage::CustomerPolicy& policy) {
  for (const auto* name : {"title", "from", "until"}) body.require(name);
  triage::MaintenanceWindow window;
  window.title = body.text("title", kMaxName, false).value_or("");
  window.from = read_moment(body, "from").value_or(Timestamp{});
  window.until = read_moment(body, "until").value_or(Timestamp{});
  window.resources = body.texts("resources", kMaxResources, kMaxName).value_or(std::vector<std::string>{});
  if (window.until <= window.from) body.fail("until", "must come after \"from\"");
  if (window.until - window.from > std::chrono::hours(24 * 31))
    body.fail("until", "a window lasts at most 31 days: what lasts longer is no maintenance");
  policy.maintenance.push_back(std::move(window));
}

triage::CustomerPolicy read_policy_body(Body& body) {
  triage::CustomerPolicy policy;
  read_each(body, "allow_list", kMaxAllowEntries, [&](Body& one) { read_allow_entry(one, policy); });
  read_each(body, "rate_limits", kMaxRateLimits, [&](Body& one) { read_rate_limit(one, policy); });
  read_each(body, "maintenance_windows", kMaxMaintenance, [&](Body& one) { read_maintenance(one, policy); });
  if (const auto* settings = body.object("settings")) {
    if (settings->size() > kMaxPolicySettings)
      body.fail("settings", "must have at most " + std::to_string(kMaxPolicySettings) + " members");
    for (const auto& [name, value] : *settings) {
      const bool fits =
          name.size() <= kMaxName && value.is_string() && value.get_string().size() <= kMaxReason;
      if (!fits) body.fail("settings", "must have short texts as members");
      if (fits) policy.settings.push_back({std::string(name), std::string(value.get_string())});
    }
  }
  name_items(policy);
  return policy;
}

Response policy_response(const StoredPolicy& stored) {
  std::string out;
  append_policy(out, stored);
  auto response = http::json_response(200, std::move(out));
  set_etag(response, stored.version);
  return response;
}

Result<Response> get_policy(Context& context, const Request&) {
  TOCSIN_TRY(stored, read_policy(context.store()));
  return policy_response(stored);
}

Result<Response> put_policy(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  StoredPolicy next;
  next.policy = read_policy_body(body);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  next.set_by = actor();
  next.set_at = context.services.clock.now();
  const auto wanted = if_match(request);
  const auto done = edit_case_data(context.store(), [&]() -> Result<void> {
    TOCSIN_TRY(stored, read_policy(context.store()));
    if (wanted && *wanted != stored.version) {
      return error(ErrorKind::kConflict, "set the policy",
                   "version " + std::to_string(stored.version) + " was set meanwhile, by " + stored.set_by,
                   "read it again and repeat the change");
    }
    next.version = stored.version + 1;
    return save_policy(context.store(), next);
  });
  if (!done) return to_change_problem(done.error(), wanted.has_value(), request.trace_id);
  return policy_response(next);
}

// ---- changes

void read_change_body(Body& body, std::vector<model::Change>& to, Timestamp now) {
  body.require("kind");
  body.require("summary");
  model::Change change;
  change.kind = body.text("kind", 60, false).value_or("");
  change.summary = body.text("summary", model::kMaxChangeText, false).value_or("");
  change.at = read_moment(body, "at").value_or(now);
  if (change.at > now + std::chrono::minutes(5))
    body.fail("at", "lies ahead: announced work is a maintenance window");
  change.resources = body.texts("resources", model::kMaxChangeResources, model::kMaxChangeNameBytes)
                         .value_or(std::vector<std::string>{});
  change.made_by = body.text("made_by", model::kMaxChangeNameBytes).value_or("");
  change.failed = body.boolean("failed").value_or(false);
  to.push_back(std::move(change));
}

Result<Response> post_changes(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  const auto now = context.services.clock.now();
  std::vector<model::Change> changes;
  if (body.has("changes")) {
    read_each(body, "changes", kMaxAtOnce, [&](Body& one) { read_change_body(one, changes, now); });
  } else {
    read_change_body(body, changes, now);
  }
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  sign_changes(changes, actor(), now);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("accepted", changes.size());
    json.member("ids", [&] {
      json.array([&] {
        for (const auto& change : changes) json.value(change.id);
      });
    });
  });
  TOCSIN_CHECK(
      edit_case_data(context.store(), [&] { return add_changes(context.store(), std::move(changes)); }));
  return http::json_response(201, std::move(out));
}

Result<Response> get_changes(Context& context, const Request& request) {
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, kMaxChanges, 50));
  TOCSIN_TRY(changes, read_changes(context.store()));
  const auto total = static_cast<std::int64_t>(changes.size());
  if (changes.size() > limit) changes.resize(limit);
  return http::json_response(
      200, whole_list_json(std::move(changes), total, [](JsonWriter& json, const model::Change& change) {
        json.written_by([&](std::string& out) { append_change(out, change); });
      }));
}

// ---- advisories

// What it names: what was said, and the indicators, weaknesses and techniques in its text.
std::vector<std::string> names_of(std::vector<std::string> said, std::string_view text) {
  std::vector<model::Ioc> iocs;
  ingest::mine_iocs(text, iocs);
  for (auto& ioc : iocs) said.push_back(std::move(ioc.value));
  for (std::size_t at = text.find('T'); at != text.npos; at = text.find('T', at + 1)) {
    for (const std::size_t size : {9U, 5U}) {  // T1059.001, T1059
      const auto id = text.substr(at, size);
      if (id.size() != size || model::find_technique(id) == nullptr) continue;
      said.emplace_back(id);
      break;
    }
  }
  std::set<std::string> seen;
  std::erase_if(said, [&](const std::string& name) { return name.empty() || !seen.insert(name).second; });
  if (said.size() > kMaxAdvisoryNames) said.resize(kMaxAdvisoryNames);
  return said;
}

StoredAdvisory read_advisory(Body& body, Timestamp now) {
  body.require("title");
  body.require("published_by");
  StoredAdvisory stored;
  stored.advisory.title = body.text("title", kMaxName, false).value_or("");
  stored.advisory.source = body.text("published_by", kMaxName, false).value_or("");
  stored.advisory.published_at = std::min(read_moment(body, "published_at").value_or(now), now);
  stored.url = body.text("url", 2000).value_or("");
  if (!stored.url.empty() && !stored.url.starts_with("https://") && !stored.url.starts_with("http://"))
    body.fail("url", "must begin with https:// or http://");
  const auto text = body.text("text", kMaxPosted).value_or("");
  const auto said = body.texts("names", kMaxAdvisoryNames, kMaxName).value_or(std::vector<std::string>{});
  stored.advisory.names = names_of(said, stored.advisory.title + '\n' + text);
  stored.advisory.products =
      body.texts("products", kMaxProducts, kMaxName).value_or(std::vector<std::string>{});
  if (stored.advisory.names.empty() && stored.advisory.products.empty()) {
    body.fail_whole("it names nothing that an alert could name",
                    "give CVE ids, techniques, indicators (in \"names\" or in the text) or \"products\"");
  }
  stored.text = text.substr(0, std::min(text.size(), kMaxAdvisoryText));
  while (!stored.text.empty() && stored.text.size() < text.size() &&
         (static_cast<unsigned char>(text[stored.text.size()]) & 0xC0U) == 0x80U)
    stored.text.pop_back();
  return stored;
}

Result<Response> post_advisory(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  const auto now = context.services.clock.now();
  auto stored = read_advisory(body, now);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  stored.advisory.id = Id<AdvisoryTag>::make(now).str();
  stored.posted_by = actor();
  std::string out;
  append_advisory(out, stored);
  TOCSIN_CHECK(edit_case_data(context.store(), [&]() -> Result<void> {
    TOCSIN_TRY(advisories, read_advisories(context.store()));
    advisories.push_back(std::move(stored));
    return save_advisories(context.store(), std::move(advisories));
  }));
  return http::json_response(201, std::move(out));
}

Result<Response> get_advisories(Context& context, const Request&) {
  TOCSIN_TRY(advisories, read_advisories(context.store()));
  const auto total = static_cast<std::int64_t>(advisories.size());
  return http::json_response(
      200, whole_list_json(std::move(advisories), total, [](JsonWriter& json, const StoredAdvisory& stored) {
        json.written_by([&](std::string& out) { append_advisory(out, stored); });
      }));
}

Result<Response> remove_advisory(Context& context, const Request& request) {
  const auto id = request.path_param("id");
  TOCSIN_CHECK(edit_case_data(context.store(), [&]() -> Result<void> {
    TOCSIN_TRY(advisories, read_advisories(context.store()));
    const auto gone = std::erase_if(advisories, [&](const auto& stored) { return stored.advisory.id == id; });
    if (gone == 0) return not_found("advisory", id);
    return save_advisories(context.store(), std::move(advisories));
  }));
  return Response{.status = 204, .headers = {}, .body = {}, .static_body = {}};
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/settings/customer-policy", get_policy},
    {Method::kPut, "/api/v1/settings/customer-policy", put_policy},
    {Method::kGet, "/api/v1/changes", get_changes},
    {Method::kPost, "/api/v1/changes", post_changes},
    {Method::kGet, "/api/v1/advisories", get_advisories},
    {Method::kPost, "/api/v1/advisories", post_advisory},
    {Method::kDelete, "/api/v1/advisories/{id}", remove_advisory},
};

}  // namespace

void add_case_data_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
