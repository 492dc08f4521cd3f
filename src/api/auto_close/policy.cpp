#include "api/auto_close/policy.h"

#include <algorithm>
#include <boost/json.hpp>
#include <random>

#include "api/auto_close/words.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "triage/auto_close/sample.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kPolicyKey = "auto_close";
constexpr std::string_view kStateKey = "auto_close.state";
constexpr std::string_view kSampleKey = "auto_close.key";

Error damaged() {
  return error(ErrorKind::kInternal, "read auto-close", "its setting is damaged",
               "Switch it off and on again");
}

void write_shape(JsonWriter& json, std::string_view name, const triage::ScoreShape& shape) {
  json.member(name, [&] {
    json.array([&] {
      for (const auto count : shape.bins()) json.value(count);
    });
  });
}

void write_time(JsonWriter& json, std::string_view name, Timestamp time) {
  json.member(name, to_unix_nanos(time));
}

// What we wrote ourselves: throws where it is not that.
triage::ScoreShape to_shape(const boost::json::value& value) {
  triage::ScoreShape::Bins bins{};
  const auto& counts = value.as_array();
  for (std::size_t i = 0; i < bins.size(); ++i) bins[i] = counts.at(i).to_number<std::int64_t>();
  return triage::ScoreShape(bins);
}

Timestamp to_time(const boost::json::value& value) {
  return from_unix_nanos(value.to_number<std::int64_t>());
}

AutoClosePolicy to_policy(const boost::json::object& json) {
  AutoClosePolicy policy;
  policy.is_on = json.at("is_on").as_bool();
  policy.promise = {json.at("missed_share").to_number<double>(), json.at("confidence").to_number<double>()};
  policy.wait_minutes = json.at("wait_minutes").to_number<std::int64_t>();
  policy.revision = json.at("revision").to_number<std::int64_t>();
  policy.threshold = json.at("threshold").to_number<double>();
  policy.real = json.at("real").to_number<std::size_t>();
  policy.missed = json.at("missed").to_number<std::size_t>();
  policy.upper = json.at("upper").to_number<double>();
  policy.before = to_shape(json.at("before"));
  policy.from = json.at("from").to_number<model::Seq>();
  policy.since = to_time(json.at("since"));
  policy.set_by = json.at("set_by").as_string();
  for (const auto& span : json.at("spans").as_array()) {
    const auto& until = span.at("until");
    policy.spans.push_back(
        {to_time(span.at("from")), until.is_null() ? std::nullopt : std::optional(to_time(until))});
  }
  return policy;
}

AutoCloseState to_state(const boost::json::object& json) {
  AutoCloseState state;
  state.revision = json.at("revision").to_number<std::int64_t>();
  state.position = json.at("position").to_number<model::Seq>();
  state.judged = json.at("judged").to_number<std::int64_t>();
  state.closed = json.at("closed").to_number<std::int64_t>();
  state.kept = json.at("kept").to_number<std::int64_t>();
  state.before = to_shape(json.at("before"));
  state.block = to_shape(json.at("block"));
  state.drift = json.at("drift").to_number<double>();
  for (const auto& one : json.at("waiting").as_array())
    state.waiting.push_back({one.at("alert").to_number<model::Seq>(), to_time(one.at("at"))});
  state.reviews = {json.at("reviews_due").to_number<std::int64_t>(),
                   json.at("reviews_decided").to_number<std::int64_t>()};
  if (const auto& stop = json.at("stopped"); !stop.is_null()) {
    const auto reason = triage::parse_stop_reason(stop.at("reason").as_string());
    state.stopped = {reason.value_or(triage::StopReason::kMiss), to_time(stop.at("at")),
                     std::string(stop.at("sentence").as_string())};
  }
  return state;
}

// Absent when nobody set it.
template <class Value>
Result<std::optional<Value>> read(const store::TenantStore& store, std::string_view key,
                                  Value (*convert)(const boost::json::object&)) {
  TOCSIN_TRY(text, store.setting(key));
  if (!text) return std::optional<Value>();
  try {
    return std::optional(convert(boost::json::parse(*text).as_object()));
  } catch (const std::exception&) {
    return damaged();
  }
}

}  // namespace

bool AutoClosePolicy::was_on_at(Timestamp time) const {
  return std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
    return time >= span.from && (!span.until || time <= *span.until);
  });
}

void AutoClosePolicy::switch_off(Timestamp now) {
  is_on = false;
  if (!spans.empty() && !spans.back().until) spans.back().until = now;
}

void AutoClosePolicy::switch_on(Timestamp now) {
  switch_off(now);
  is_on = true;
  spans.push_back({now, std::nullopt});
  if (spans.size() <= kMostSpans) return;
  spans[1].from = spans[0].from;
  spans.erase(spans.begin());
}

std::string AutoClosePolicy::close_reason() const {
  std::string text(kAutoCloseReason);
  text.append("a false positive with a probability of at least ").append(number_text(threshold));
  text.append(" when it came, by the policy of ").append(set_by);
  text.append(" (number ").append(std::to_string(revision)).append("): at most ");
  text.append(percent_text(promise.missed)).append(" of what is real may be closed so");
  return text;
}

Result<AutoClosePolicy> read_auto_close(const store::TenantStore& store) {
  TOCSIN_TRY(policy, read(store, kPolicyKey, to_policy));
  return policy.value_or(AutoClosePolicy());
}

Result<void> save_auto_close(store::TenantStore& store, const AutoClosePolicy& policy) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("is_on", policy.is_on);
    json.member("missed_share", policy.promise.missed);
    json.member("confidence", policy.promise.confidence);
    json.member("wait_minutes", policy.wait_minutes);
    json.member("revision", policy.revision);
    json.member("threshold", policy.threshold);
    json.member("real", policy.real);
    json.member("missed", policy.missed);
    json.member("upper", policy.upper);
    json.member("from", policy.from);
    write_time(json, "since", policy.since);
    json.member("set_by", policy.set_by);
    json.member("spans", [&] {
      json.array([&] {
        for (const auto& span : policy.spans) {
          json.object([&] {
            write_time(json, "from", span.from);
            span.until ? write_time(json, "until", *span.until) : json.member("until", nullptr);
          });
        }
      });
    });
    write_shape(json, "before", policy.before);
  });
  return store.set_setting(kPolicyKey, text);
}

Result<AutoCloseState> read_auto_close_state(const store::TenantStore& store, const AutoClosePolicy& policy) {
  TOCSIN_TRY(state, read(store, kStateKey, to_state));
  if (state && state->revision == policy.revision) return *std::move(state);
  AutoCloseState fresh;
  fresh.revision = policy.revision;
  fresh.position = policy.from;
  if (policy.before.count() >= triage::kLeastReference) fresh.before = policy.before;
  return fresh;
}

Result<void> save_auto_close_state(store::TenantStore& store, const AutoCloseState& state) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("revision", state.revision);
    json.member("position", state.position);
    json.member("judged", state.judged);
    json.member("closed", state.closed);
    json.member("kept", state.kept);
    write_shape(json, "before", state.before);
    write_shape(json, "block", state.block);
    json.member("drift", state.drift);
    json.member("waiting", [&] {
      json.array([&] {
        for (const auto& one : state.waiting) {
          json.object([&] {
            json.member("alert", one.alert);
            write_time(json, "at", one.at);
          });
        }
      });
    });
    json.member("reviews_due", state.reviews.due);
    json.member("reviews_decided", state.reviews.decided);
    json.key("stopped");
    if (!state.stopped) return json.value(nullptr);
    json.object([&] {
      json.member("reason", to_text(state.stopped->reason));
      write_time(json, "at", state.stopped->at);
      json.member("sentence", state.stopped->sentence);
    });
  });
  return store.set_setting(kStateKey, text);
}

Result<std::string> read_sample_key(const store::TenantStore& store) {
  TOCSIN_TRY(digits, store.setting(kSampleKey));
  return from_hex(digits.value_or(""));
}

Result<std::string> sample_key(store::TenantStore& store) {
  TOCSIN_TRY(known, read_sample_key(store));
  if (!known.empty()) return known;
  std::random_device device;
  std::string key;
  for (std::size_t i = 0; i < triage::kSampleKeyBytes; ++i) key += static_cast<char>(device() & 0xffU);
  TOCSIN_CHECK(store.set_setting(kSampleKey, to_hex(key)));
  return key;
}

}  // namespace tocsin::api
