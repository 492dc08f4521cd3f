#include "api/event_desk.h"

#include <boost/json.hpp>

#include "api/json_writer.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kProgressKey = "detection.events";
constexpr std::size_t kChunk = 1000;
constexpr std::size_t kMaxUnreported = 1000;
constexpr std::size_t kMaxRecent = 20'000;
constexpr model::Seq kWarmUpEvents = 10'000;

std::string to_json(model::Seq until, const EventDesk::Totals& totals) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("until", until);
    json.member("suspicious", totals.suspicious);
    json.member("by_severity", [&] {
      json.object([&] {
        for (const auto& [severity, count] : totals.by_severity) json.member(severity, count);
      });
    });
  });
  return out;
}

std::int64_t integer_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

}  // namespace

Result<std::vector<model::Seq>> EventDesk::store(std::vector<model::Event> events) {
  if (events.empty()) return std::vector<model::Seq>{};
  return services_.store.events().append(std::move(events));
}

Result<std::vector<std::string>> EventDesk::alerts_of(const std::vector<model::Seq>& seqs) {
  const std::lock_guard lock(mutex_);
  TOCSIN_CHECK(judge());
  std::vector<std::string> alerts;
  for (const auto& [event, alert] : recent_) {
    if (std::binary_search(seqs.begin(), seqs.end(), event)) alerts.push_back(alert);
  }
  return alerts;
}

Result<std::vector<EventDesk::Judged>> EventDesk::take_findings() {
  const std::lock_guard lock(mutex_);
  TOCSIN_CHECK(judge());
  std::vector<Judged> taken(std::make_move_iterator(unreported_.begin()),
                            std::make_move_iterator(unreported_.end()));
  unreported_.clear();
  return taken;
}

Result<EventDesk::Totals> EventDesk::totals() {
  const std::lock_guard lock(mutex_);
  TOCSIN_CHECK(load());
  return progress_.totals;
}

Result<void> EventDesk::judge() {
  TOCSIN_CHECK(load());
  while (true) {
    TOCSIN_TRY(events, services_.store.events().after(progress_.until, kChunk));
    if (events.empty()) return {};
    TOCSIN_TRY(judged, judge_next(events));
    for (auto& one : judged) remember(std::move(one));
  }
}

void EventDesk::remember(Judged judged) {
  recent_.emplace_back(judged.finding.event.seq, judged.alert_id);
  if (recent_.size() > kMaxRecent) recent_.pop_front();
  unreported_.push_back(std::move(judged));
  if (unreported_.size() > kMaxUnreported) unreported_.pop_front();
}

Result<std::vector<EventDesk::Judged>> EventDesk::judge_next(const std::vector<model::Event>& events) {
  auto findings = rules_->apply(events);
  auto progress = progress_;
  progress.until = events.back().seq;
  std::vector<Judged> judged;
  if (!findings.empty()) {
    std::vector<model::Alert> alerts;
    for (const auto& finding : findings) alerts.push_back(detect::to_alert(finding));
    auto reply = services_.pipeline.submit(std::move(alerts));
    if (!reply) {
      rules_.reset();  // it has seen these events; the next try warms up a new one
      return std::move(reply).error();
    }
    for (const auto& item : reply->items) {
      if (item.kind == store::AppendKind::kDuplicate || item.index >= findings.size()) continue;
      auto& finding = findings[item.index];
      ++progress.totals.suspicious;
      ++progress.totals.by_severity[std::string(to_text(finding.severity))];
      judged.push_back({std::move(finding), item.id.str()});
    }
  }
  TOCSIN_CHECK(save(progress));
  return judged;
}

Result<void> EventDesk::load() {
  if (rules_) return {};
  TOCSIN_TRY(saved, services_.store.setting(kProgressKey));
  progress_ = {};
  boost::system::error_code failed;
  const auto value = saved ? boost::json::parse(*saved, failed) : boost::json::value(boost::json::object{});
  if (const auto* object = failed ? nullptr : value.if_object()) {
    progress_.until = integer_of(*object, "until");
    progress_.totals.suspicious = integer_of(*object, "suspicious");
    const auto* counts = object->if_contains("by_severity");
    for (const auto& count :
         counts != nullptr && counts->is_object() ? counts->get_object() : boost::json::object{}) {
      progress_.totals.by_severity[std::string(count.key())] =
          count.value().is_int64() ? count.value().get_int64() : 0;
    }
  }
  TOCSIN_TRY(rules, detect::EventRules::create({}));
  const auto from = std::max<model::Seq>(0, progress_.until - kWarmUpEvents);
  if (progress_.until > 0) {
    TOCSIN_TRY(before,
               services_.store.events().after(from, static_cast<std::size_t>(progress_.until - from)));
    const auto since = services_.clock.now() - std::chrono::hours(1);
    std::erase_if(before, [&](const model::Event& event) {
      return event.seq > progress_.until || event.received_at < since;
    });
    rules.warm_up(before);
  }
  rules_ = std::move(rules);
  return {};
}

Result<void> EventDesk::save(const Progress& progress) {
  TOCSIN_CHECK(services_.store.set_setting(kProgressKey, to_json(progress.until, progress.totals)));
  progress_ = progress;
  return {};
}

}  // namespace tocsin::api
