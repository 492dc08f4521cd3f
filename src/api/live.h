#pragma once
// The live feed: what happens in the server, pushed to WebSocket clients.
//
//   in    alerts stored, alerts, incidents and actions changed: from any thread, cheap, never blocking
//   out   numbered messages, at most one burst per interval and client; see openapi.yaml, /ws
//
// When alerts come faster than a screen can show, the newest few are sent one by one and the rest as a count.
// A client that was away asks with ?since=SEQ and gets what it missed, or {"type":"resync"} when the ring no
// longer has it. Without clients a publication costs one atomic load and one store.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "api/dto/sla_dto.h"
#include "base/clock.h"
#include "http/http.h"
#include "model/access.h"
#include "model/alert.h"
#include "model/incident.h"
#include "store/store.h"

namespace tocsin::api {

class LiveHub {
 public:
  struct Options {
    std::chrono::milliseconds interval{100};  // ten bursts a second: more cannot be read
    std::size_t alerts_per_interval = 20;     // shown one by one; the rest is counted
    std::size_t changes_per_interval = 200;   // incidents, actions and changed alerts; beyond: resync
    std::size_t ring = 2000;                  // messages kept for ?since
    std::size_t max_clients = 500;            // one more is closed at once
  };
  struct Rendering {
    std::function<std::string()> newest_threats;  // JSON array, newest first
    // False when it could not be read; the message is then left out.
    std::function<bool(std::string& out, const model::Alert& alert)> threat;
    FirstResponseMinutes first_response_minutes{};
  };

  // What a client with a scope hears of: what this store shows, as it shows it.
  struct View {
    std::shared_ptr<store::TenantStore> store;
    Rendering rendering;
    model::Seq newest = 0;  // alert that was shown or was there before; the hub alone moves it on
  };
  using ViewPtr = std::shared_ptr<View>;

  // What a change is of, so that a view can be asked.
  using Subject = std::variant<model::Seq, IncidentId>;  // of an alert, of an incident
  struct Change {
    std::string_view type;
    std::string json;
    Subject subject;
  };

  // The clock outlives the hub.
  LiveHub(const Clock& clock, Options options);
  explicit LiveHub(const Clock& clock) : LiveHub(clock, Options{}) {}
  ~LiveHub();

  // Before the first client; register_routes does it.
  void render_with(Rendering rendering) {
    const std::lock_guard lock(tick_mutex_);
    rendering_ = std::move(rendering);
  }
  void start();
  void stop();

  bool listening() const noexcept { return clients_count_.load(std::memory_order_acquire) > 0; }
  // Closes the clients of callers for whom this is not so. Any thread.
  void keep_only(const std::function<bool(const model::Principal& caller)>& still_may);
  std::size_t clients() const noexcept { return clients_count_.load(std::memory_order_relaxed); }

  // `newest` are some or all of the `stored` alerts, oldest first; `last` is the highest number among those
  // that are new, 0 when none is.
  void alerts_stored(std::vector<model::Alert> newest, std::size_t stored, model::Seq last);
  void alert_changed(const model::Alert& alert);
  void incident_changed(const model::Incident& incident);
  void action_logged(const model::ActionRecord& action);
  // So much changed that clients should read their lists again.
  void many_changed();

  // `view`: null for clients that see everything. One that was away resyncs, since the ring holds more than
  // it may see.
  http::WebSocketHandler feed(ViewPtr view = {});        // /ws
  http::WebSocketHandler alert_feed(ViewPtr view = {});  // /ws/alerts: {"alert":…} and nothing else

  // Greets new clients and sends what is pending; the thread of start() calls it. Thread-safe.
  void tick();

 private:
  using Session = std::shared_ptr<http::WebSocketSession>;
  using Text = std::shared_ptr<const std::string>;
  struct Client {
    Session session;
    bool alerts_only = false;
    std::optional<std::int64_t> since;
    model::PrincipalPtr caller;  // null: nobody was asked
    ViewPtr view{};
    model::Seq newest = 0;  // alert that was told of when it came
  };
  struct Message {
    std::int64_t seq = 0;
    Text text;
  };
  struct Pending {
    std::deque<model::Alert> alerts;
    std::size_t stored = 0;
    model::Seq last = 0;
    std::vector<Change> changes;
    bool overflowed = false;
    std::vector<Client> joining;
    bool empty() const { return stored == 0 && changes.empty() && joining.empty() && !overflowed; }
  };

  http::WebSocketHandler handler(bool alerts_only, ViewPtr view);
  void open(Client client);
  void close(const Session& session);
  void change(Change change);
  void run(const std::stop_token& stop);

  void greet(const Client& client);
  void resume(const Client& client);
  void add_message(std::vector<Message>& burst, std::string_view type, std::string_view data);
  std::vector<Message> render(const Pending& pending, const Rendering& rendering);
  // Sends what is pending to those of the clients that have this view.
  void send(const std::vector<Client>& clients, const ViewPtr& view, const Pending& pending);
  void send_alerts(const std::vector<Client>& clients, const Pending& pending);
  Pending seen_through(View& view, const Pending& pending) const;
  void keep(std::vector<Message> burst);

  const Clock& clock_;
  const Options options_;
  Rendering rendering_;
  std::atomic<std::size_t> clients_count_{0};
  std::atomic<model::Seq> newest_{0};  // alert that was told of, to clients or to nobody
  std::atomic<bool> missed_{false};    // something happened while nobody listened

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  Pending pending_;
  std::vector<Client> clients_;

  std::mutex tick_mutex_;  // one tick at a time; guards what follows
  std::int64_t last_seq_ = 0;
  std::deque<Message> ring_;

  std::jthread thread_;
};

}  // namespace tocsin::api
