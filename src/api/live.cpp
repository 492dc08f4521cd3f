#include "api/live.h"

#include <boost/json.hpp>
#include <charconv>
#include <set>
#include <utility>

#include "api/dto/incident_dto.h"
#include "model/alert_json.h"
#include "model/suppressed.h"

namespace tocsin::api {
namespace {

std::shared_ptr<const std::string> shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

std::optional<std::int64_t> since_of(const http::Request& request) {
  const auto given = request.query_param("since");
  std::int64_t number = 0;
  if (!given) return {};
  const auto [end, failed] = std::from_chars(given->data(), given->data() + given->size(), number);
  // A number that is none cannot be resumed from: -1 leads to a resync.
  return failed == std::errc{} && end == given->data() + given->size() ? number : -1;
}

bool is_ping(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  if (text.size() > kLongest) return false;
  boost::system::error_code failed;
  const auto value = boost::json::parse(text, failed);
  const auto* object = failed ? nullptr : value.if_object();
  const auto* type = object == nullptr ? nullptr : object->if_contains("type");
  return type != nullptr && type->is_string() && type->get_string() == "ping";
}

constexpr model::Seq kLookedAt = 1000;  // alerts of one interval, for a client with a scope
constexpr std::string_view kIncident = "incident";

std::string resync_text() {
  return R"({"type":"resync"})";
}

// Those of the view up to `last` that it has not shown, oldest first; absent when they could not be read, or
// when so many came that looking at each would hold up the others.
std::optional<std::vector<model::Alert>> new_alerts(LiveHub::View& view, model::Seq last) {
  const auto first = std::exchange(view.newest, last) + 1;
  if (last - first >= kLookedAt) return {};
  std::vector<model::Seq> seqs;
  for (auto seq = first; seq <= last; ++seq) seqs.push_back(seq);
  auto alerts = view.store->alerts().by_seq(seqs);
  if (!alerts) return {};
  std::erase_if(*alerts, model::is_suppressed);
  return *std::move(alerts);
}

// A change as the view shows it; absent: not at all. An alert in it is whole, an incident may be less than it
// is.
std::optional<std::string> text_in(const LiveHub::View& view, const LiveHub::Change& change) {
  if (const auto* seq = std::get_if<model::Seq>(&change.subject)) {
    const auto found = view.store->alerts().by_seq(std::span(seq, 1));
    return found && !found->empty() ? std::optional(change.json) : std::nullopt;
  }
  const auto found = view.store->incidents().find(std::get<IncidentId>(change.subject));
  if (!found || !*found) return {};
  if (change.type != kIncident) return change.json;
  std::string json;
  append_incident_summary(json, **found, view.rendering.first_response_minutes);
  return json;
}

}  // namespace

LiveHub::LiveHub(const Clock& clock, Options options) : clock_(clock), options_(options) {}

LiveHub::~LiveHub() {
  stop();
}

void LiveHub::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void LiveHub::stop() {
  thread_.request_stop();
  { const std::lock_guard lock(mutex_); }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LiveHub::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stop.stop_requested() || !pending_.empty(); });
    }
    if (stop.stop_requested()) return;
    tick();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, options_.interval, [&] { return stop.stop_requested(); });
  }
}

// ---- what happened
// ------------------------------------------------------------------------------------------------

void LiveHub::alerts_stored(std::vector<model::Alert> newest, std::size_t stored, model::Seq last) {
  for (auto known = newest_.load(); known < last && !newest_.compare_exchange_weak(known, last);) {
  }
  if (!listening()) {
    missed_.store(true, std::memory_order_relaxed);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    pending_.stored += stored;
    pending_.last = std::max(pending_.last, last);
    for (auto& alert : newest) {
      pending_.alerts.push_back(std::move(alert));
      if (pending_.alerts.size() > options_.alerts_per_interval) pending_.alerts.pop_front();
    }
  }
  wake_.notify_one();
}

void LiveHub::change(Change change) {
  {
    const std::lock_guard lock(mutex_);
    if (pending_.changes.size() < options_.changes_per_interval) {
      pending_.changes.push_back(std::move(change));
    } else {
      pending_.overflowed = true;
    }
  }
  wake_.notify_one();
}

void LiveHub::alert_changed(const model::Alert& alert) {
  if (!listening()) return missed_.store(true, std::memory_order_relaxed);
  std::string json;
  append_alert_json(json, alert, false);
  change({"alert", std::move(json), alert.seq});
}

void LiveHub::incident_changed(const model::Incident& incident) {
  if (!listening()) return missed_.store(true, std::memory_order_relaxed);
  std::string json;
  append_incident_summary(json, incident, rendering_.first_response_minutes);
  change({kIncident, std::move(json), incident.id});
}

void LiveHub::action_logged(const model::ActionRecord& action) {
  if (!listening()) return missed_.store(true, std::memory_order_relaxed);
  std::string text;
  JsonWriter json(text);
  write_action(json, action);
  change({"action", std::move(text), action.incident});
}

void LiveHub::many_changed() {
  if (!listening()) return missed_.store(true, std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    pending_.overflowed = true;
  }
  wake_.notify_one();
}

// ---- clients
// ------------------------------------------------------------------------------------------------------

http::WebSocketHandler LiveHub::feed(ViewPtr view) {
  return handler(false, std::move(view));
}

http::WebSocketHandler LiveHub::alert_feed(ViewPtr view) {
  return handler(true, std::move(view));
}

http::WebSocketHandler LiveHub::handler(bool alerts_only, ViewPtr view) {
  return {
      [this, alerts_only, view = std::move(view)](const Session& session, const http::Request& request) {
        open({session, alerts_only, since_of(request), request.principal, view, newest_.load()});
      },
      [](const Session& session, std::string_view text) {
        if (is_ping(text)) session->send(shared(R"({"type":"pong"})"));
      },
      [this](const Session& session) { close(session); },
  };
}

void LiveHub::open(Client client) {
  const auto session = client.session;
  bool full = false;
  {
    const std::lock_guard lock(mutex_);
    full = clients_.size() + pending_.joining.size() >= options_.max_clients;
    if (!full) {
      pending_.joining.push_back(std::move(client));
      clients_count_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  if (full) return session->close();
  wake_.notify_one();
}

void LiveHub::keep_only(const std::function<bool(const model::Principal&)>& still_may) {
  std::vector<Session> ended;
  {
    const std::lock_guard lock(mutex_);
    for (const auto* clients : {&clients_, &pending_.joining}) {
      for (const auto& client : *clients) {
        if (client.caller && !still_may(*client.caller)) ended.push_back(client.session);
      }
    }
  }
  for (const auto& session : ended) session->close();  // comes back to close()
}

void LiveHub::close(const Session& session) {
  const auto is_it = [&](const Client& client) { return client.session == session; };
  const std::lock_guard lock(mutex_);
  const auto gone = std::erase_if(clients_, is_it) + std::erase_if(pending_.joining, is_it);
  clients_count_.fetch_sub(gone, std::memory_order_relaxed);
}

// ---- sending
// ------------------------------------------------------------------------------------------------------

void LiveHub::tick() {
  const std::lock_guard one_at_a_time(tick_mutex_);
  Pending pending;
  std::vector<Client> clients;
  {
    const std::lock_guard lock(mutex_);
    std::swap(pending, pending_);
    clients = clients_;
    // Only now, so that a client that closes while it is greeted is found and removed.
    clients_.insert(clients_.end(), pending.joining.begin(), pending.joining.end());
  }
  if (missed_.exchange(false, std::memory_order_relaxed)) {
    ring_.clear();
    ++last_seq_;  // a number that no client has seen: whoever resumes from before it must resync
  }
  std::set<ViewPtr> views{nullptr};  // what everybody sees is kept for those who come back, too
  for (const auto& client : pending.joining) {
    const auto has_its_view = [&](const Client& other) { return other.view == client.view; };
    // Nobody looked through it for a while: what came meanwhile is in the lists that the client reads first.
    if (client.view && std::none_of(clients.begin(), clients.end(), has_its_view))
      client.view->newest = std::max(client.view->newest, client.newest);
    greet(client);
  }
  clients.insert(clients.end(), pending.joining.begin(), pending.joining.end());
  for (const auto& client : clients) views.insert(client.view);
  for (const auto& view : views) send(clients, view, pending);
}

void LiveHub::send(const std::vector<Client>& all, const ViewPtr& view, const Pending& pending) {
  std::vector<Client> clients;
  std::copy_if(all.begin(), all.end(), std::back_inserter(clients),
               [&](const Client& client) { return client.view == view; });
  const auto seen = view ? seen_through(*view, pending) : Pending{};
  const auto& shown = view ? seen : pending;
  auto burst = render(shown, view ? view->rendering : rendering_);
  for (const auto& client : clients) {
    if (client.alerts_only) continue;
    for (const auto& message : burst) client.session->send(message.text);
  }
  send_alerts(clients, shown);
  if (!view) keep(std::move(burst));
}

void LiveHub::greet(const Client& client) {
  if (client.alerts_only) return;
  if (client.since) return resume(client);
  const auto& rendering = client.view ? client.view->rendering : rendering_;
  std::string text = R"({"type":"initial_batch","data":)";
  text += rendering.newest_threats ? rendering.newest_threats() : "[]";
  text += ",\"timestamp\":\"" + to_rfc3339(clock_.now()) + "\",\"seq\":" + std::to_string(last_seq_) + "}";
  client.session->send(shared(std::move(text)));
}

void LiveHub::resume(const Client& client) {
  const auto oldest = ring_.empty() ? last_seq_ + 1 : ring_.front().seq;
  if (client.view || *client.since > last_seq_ || *client.since + 1 < oldest) {
    client.session->send(shared(resync_text()));
    return;
  }
  for (const auto& message : ring_) {
    if (message.seq > *client.since) client.session->send(message.text);
  }
}

void LiveHub::add_message(std::vector<Message>& burst, std::string_view type, std::string_view data) {
  const auto seq = ++last_seq_;
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("type", type);
    json.key("data");
    json.raw(data);
    json.member("timestamp", clock_.now());
    json.member("seq", seq);
  });
  burst.push_back({seq, shared(std::move(text))});
}

LiveHub::Pending LiveHub::seen_through(View& view, const Pending& pending) const {
  Pending seen;
  if (pending.last > view.newest) {
    auto alerts = new_alerts(view, pending.last);
    seen.overflowed = !alerts;
    if (alerts) seen.alerts.assign(alerts->begin(), alerts->end());
    seen.stored = seen.alerts.size();
    while (seen.alerts.size() > options_.alerts_per_interval) seen.alerts.pop_front();
  }
  seen.overflowed = seen.overflowed || pending.overflowed;
  for (const auto& change : pending.changes) {
    if (auto text = text_in(view, change)) seen.changes.push_back({change.type, *std::move(text), {}});
  }
  return seen;
}

std::vector<LiveHub::Message> LiveHub::render(const Pending& pending, const Rendering& rendering) {
  std::vector<Message> burst;
  for (const auto& alert : pending.alerts) {
    std::string data;
    if (rendering.threat && rendering.threat(data, alert)) add_message(burst, "new_threat", data);
    data.clear();
    append_alert_json(data, alert, false);
    add_message(burst, "alert", data);
  }
  for (const auto& change : pending.changes) add_message(burst, change.type, change.json);
  if (pending.stored > pending.alerts.size()) {
    add_message(burst, "stats",
                "{\"alerts\":" + std::to_string(pending.stored) +
                    ",\"skipped\":" + std::to_string(pending.stored - pending.alerts.size()) + "}");
  }
  if (pending.overflowed) burst.push_back({++last_seq_, shared(resync_text())});
  return burst;
}

void LiveHub::send_alerts(const std::vector<Client>& clients, const Pending& pending) {
  const auto wanted =
      std::any_of(clients.begin(), clients.end(), [](const Client& c) { return c.alerts_only; });
  if (!wanted) return;
  for (const auto& alert : pending.alerts) {
    std::string text = "{\"alert\":";
    append_alert_json(text, alert, false);
    text += '}';
    const auto message = shared(std::move(text));
    for (const auto& client : clients) {
      if (client.alerts_only) client.session->send(message);
    }
  }
}

void LiveHub::keep(std::vector<Message> burst) {
  for (auto& message : burst) ring_.push_back(std::move(message));
  while (ring_.size() > options_.ring) ring_.pop_front();
}

}  // namespace tocsin::api
