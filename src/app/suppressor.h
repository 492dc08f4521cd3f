#pragma once
// Hides alerts that come in by the tenant's suppressions (api/suppress/suppression.h), and stops hiding when
// something new shows: a user, host or address that a suppression never hid before, or a jump in volume.
//
//   in    alerts as triage judged them, before they are stored; then what became of those it marked
//   out   a hidden alert is closed, tagged and named after the suppression and the hour; the one that made a
//         suppression stop stays open, tagged, with a fact that says why
//
// judge() is for the way in: each scope is asked, outside of any lock. What it found out is saved by a thread
// of its own within a second or so; after a crash it is made again from the stored alerts. Thread-safe.

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_set>

#include "api/suppress/hits.h"
#include "app/background_thread.h"
#include "model/matcher.h"

namespace tocsin::app {

class Suppressor {
 public:
  struct Hooks {
    std::function<void(const std::string& id, const api::Pause&)> paused;
    std::function<void(const Error&)> on_error;  // it tries again; until then nothing is hidden
  };
  // What it borrows outlives it.
  Suppressor(store::TenantStore& store, const Clock& clock, Hooks hooks);
  ~Suppressor();

  // Reads what is set and counts what a crash left uncounted. Before the first judge().
  Result<void> load();
  void start();
  void stop();
  // Somebody may have changed a suppression: looked at before the next alert. Cheap.
  void changed() { is_changed_.store(true); }
  // What another process on the same database did.
  void settings_changed_elsewhere();
  void alerts_stored_elsewhere() { has_foreign_.store(true); }

  void judge(model::Alert& alert);

  struct Marked {
    bool is_hidden = true;  // else it made the suppression stop
    std::string suppression;
    std::string alert;              // id that judge() saw
    std::optional<AlertId> stored;  // absent: it was known before, or could not be stored
  };
  // What became of alerts that judge() marked. On the writer's thread: only counts.
  void settle(const std::vector<Marked>& marked);

  // Saves what it found out. For the thread, and for tests.
  Result<void> catch_up();

 private:
  struct Scope {
    std::string id;
    Timestamp expires_at{};
    model::Matcher matcher;
  };
  using Scopes = std::vector<Scope>;
  struct Rule {
    api::Suppression set;
    std::unordered_set<std::uint64_t> known;
    triage::HourlyHits before;  // what it learned of hours in which it hid nothing
    std::optional<api::Pause> pause;
    bool is_pause_saved = true;
    bool is_known_saved = true;
  };

  std::shared_ptr<const Scopes> scopes_now();
  Result<void> reload();
  Result<std::unique_ptr<Rule>> load_rule(const api::Suppression& set);
  Result<void> find_lost_pauses(model::Seq after);
  void recover_pause(const model::Alert& alert);
  bool apply(const std::string& id, model::Alert& alert);  // false: it waits for review
  std::optional<api::Pause> why_shown(Rule& rule, const model::Alert& alert, Timestamp now);
  Result<void> save_pauses();
  Result<void> save_known();
  Result<void> save_counts();
  void take_over(api::HitState counted, std::int64_t open_from);
  void run(BackgroundThread::Rest& rest);

  store::TenantStore& store_;
  const Clock& clock_;
  const Hooks hooks_;
  std::atomic<bool> is_changed_{true};
  std::atomic<bool> has_foreign_{false};  // alerts that this process did not count

  std::mutex reading_;  // of the settings; before mutex_
  std::int64_t revision_ = -1;

  std::mutex saving_;                                    // before mutex_
  std::vector<std::pair<Timestamp, model::Seq>> marks_;  // the newest alert at times of the last hours

  std::mutex mutex_;  // of what follows
  std::shared_ptr<const Scopes> scopes_ = std::make_shared<const Scopes>();
  std::map<std::string, std::unique_ptr<Rule>, std::less<>> rules_;
  api::HitState hits_;
  bool are_hits_saved_ = true;

  BackgroundThread thread_;
};

}  // namespace tocsin::app
