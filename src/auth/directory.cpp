#include "auth/directory.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "auth/directory_state.h"
#include "auth/token.h"
#include "base/ascii.h"
#include "base/this_thread.h"

namespace tocsin::auth {
namespace {

constexpr std::size_t kMaxUserAgent = 300;
// How far the stored time of last use may lag behind: what a crash forgets.
constexpr std::chrono::minutes kWriteDown{1};

}  // namespace

struct Directory::State {
  State(store::PeopleStore& people, const Clock& given, SessionLimits session_limits)
      : store(people), clock(given), limits(session_limits) {}

  store::PeopleStore& store;
  const Clock& clock;
  const SessionLimits limits;
  std::function<void()> changed = [] {};

  mutable std::shared_mutex mutex;  // guards what follows
  Tables tables;
  std::vector<std::pair<SessionId, Timestamp>> seen;  // to be written down
  std::vector<std::pair<KeyId, Timestamp>> used;
  Timestamp written_at{};

  std::atomic<bool> open{true};
  std::mutex reload_mutex;  // one reload at a time
  std::condition_variable_any wake;
  std::jthread thread;

  Result<void> reload();
  Result<void> write_down();
  void touch(store::Session& session, Timestamp now);
  void touch(store::ApiKey& key, Timestamp now);
  bool holds(const model::Principal& principal) const;
};

Result<void> Directory::State::reload() {
  const std::lock_guard one(reload_mutex);
  TOCSIN_TRY(fresh, Tables::read(store));
  {
    const std::unique_lock lock(mutex);
    // Use that is not yet written down.
    for (auto& [hash, session] : fresh.sessions) {
      const auto before = tables.sessions.find(hash);
      if (before != tables.sessions.end())
        session.last_seen = std::max(session.last_seen, before->second.last_seen);
    }
    tables = std::move(fresh);
    open = tables.people.empty();
  }
  changed();
  return {};
}

void Directory::State::touch(store::Session& session, Timestamp now) {
  if (now - session.last_seen < std::chrono::seconds(10)) return;
  session.last_seen = now;
  seen.emplace_back(session.id, now);
}

void Directory::State::touch(store::ApiKey& key, Timestamp now) {
  if (key.last_used && now - *key.last_used < std::chrono::seconds(10)) return;
  key.last_used = now;
  used.emplace_back(key.id, now);
}

Result<void> Directory::State::write_down() {
  std::vector<std::pair<SessionId, Timestamp>> sessions;
  std::vector<std::pair<KeyId, Timestamp>> keys;
  {
    const std::unique_lock lock(mutex);
    if (clock.now() - written_at < kWriteDown) return {};
    written_at = clock.now();
    sessions.swap(seen);
    keys.swap(used);
  }
  if (!sessions.empty()) TOCSIN_CHECK(store.touch_sessions(sessions));
  if (!keys.empty()) TOCSIN_CHECK(store.touch_keys(keys));
  return {};
}

bool Directory::State::holds(const model::Principal& principal) const {
  const auto now = clock.now();
  if (principal.kind == model::Principal::Kind::kLocal) return open;
  if (principal.kind == model::Principal::Kind::kKey) {
    for (const auto& [hash, key] : tables.keys) {
      if (key.id.str() != principal.id) continue;
      const auto rights = rights_of(tables, key, principal.tenant_name);
      return !Tables::is_over(key, now) && rights && rights->verbs == principal.verbs &&
             rights->scope == principal.scope;
    }
    return false;
  }
  const auto* person = tables.person(principal.id);
  if (person == nullptr || person->disabled) return false;
  const auto rights = rights_of(tables, *person, principal.tenant_name);
  if (!rights || rights->verbs != principal.verbs || rights->scope != principal.scope) return false;
  for (const auto& [hash, session] : tables.sessions) {
    if (session.id.str() == principal.session) return !Tables::is_over(session, limits, now);
  }
  return false;
}

Directory::Directory(store::PeopleStore& people, const Clock& clock, SessionLimits limits)
    : state_(std::make_unique<State>(people, clock, limits)) {}

Directory::~Directory() {
  stop();
}

Result<void> Directory::load() {
  return state_->reload();
}

void Directory::start() {
  state_->thread = std::jthread([state = state_.get(), this](const std::stop_token& stop) {
    name_this_thread("directory");
    std::mutex mutex;
    while (!stop.stop_requested()) {
      std::unique_lock lock(mutex);
      state->wake.wait_for(lock, stop, kRefresh, [] { return false; });
      if (!stop.stop_requested()) (void)refresh();  // while the database is away, what is known holds
    }
  });
}

void Directory::stop() {
  if (!state_->thread.joinable()) return;
  state_->thread.request_stop();
  state_->thread.join();
}

Result<void> Directory::refresh() {
  TOCSIN_TRY(revision, state_->store.revision());
  std::int64_t known = 0;
  {
    const std::shared_lock lock(state_->mutex);
    known = state_->tables.revision;
  }
  if (revision != known) TOCSIN_CHECK(state_->reload());
  return state_->write_down();
}

bool Directory::is_open() const noexcept {
  return state_->open;
}

bool Directory::has_admin() const {
  const std::shared_lock lock(state_->mutex);
  for (const auto& [id, person] : state_->tables.people) {
    if (person.disabled) continue;
    for (const auto& grant : person.grants) {
      if (grant.role == model::Role::kAdmin) return true;
    }
  }
  return false;
}

Directory::Found Directory::find_session(std::string_view token, std::string_view tenant) {
  if (recognise_token(token) != TokenKind::kSession) return {};
  const auto hash = hash_token(token);
  const auto now = state_->clock.now();
  const std::unique_lock lock(state_->mutex);
  const auto session = state_->tables.sessions.find(hash);
  if (session == state_->tables.sessions.end()) return {};
  if (Tables::is_over(session->second, state_->limits, now)) return {};
  const auto* person = state_->tables.person(session->second.person.str());
  if (person == nullptr || person->disabled) return {};
  auto rights = rights_of(state_->tables, *person, tenant);
  if (!rights) return {nullptr, true};
  state_->touch(session->second, now);
  rights->session = session->second.id.str();
  return {std::make_shared<const model::Principal>(*std::move(rights))};
}

Directory::Found Directory::find_key(std::string_view token, std::string_view tenant) {
  const auto kind = recognise_token(token);
  if (kind != TokenKind::kApiKey && kind != TokenKind::kIngest) return {};
  const auto hash = hash_token(token);
  const auto now = state_->clock.now();
  const std::unique_lock lock(state_->mutex);
  const auto key = state_->tables.keys.find(hash);
  if (key == state_->tables.keys.end() || Tables::is_over(key->second, now)) return {};
  auto rights = rights_of(state_->tables, key->second, tenant);
  if (!rights) return {nullptr, true};
  state_->touch(key->second, now);
  return {std::make_shared<const model::Principal>(*std::move(rights))};
}

bool Directory::still_holds(const model::Principal& principal) const {
  const std::shared_lock lock(state_->mutex);
  return state_->holds(principal);
}

Result<Directory::NewSession> Directory::begin_session(const store::Person& person, std::string address,
                                                       std::string user_agent) {
  const auto now = state_->clock.now();
  auto token = make_token(TokenKind::kSession);
  NewSession made{{}, std::move(token.text)};
  made.session.id = SessionId::make(now);
  made.session.person = person.id;
  made.session.token_hash = std::move(token.hash);
  made.session.created_at = made.session.last_seen = now;
  made.session.address = std::move(address);
  made.session.user_agent = user_agent.substr(0, kMaxUserAgent);
  TOCSIN_CHECK(state_->store.add_session(made.session));
  TOCSIN_CHECK(state_->reload());
  return made;
}

Result<void> Directory::end_sessions(const std::vector<SessionId>& ids) {
  TOCSIN_CHECK(state_->store.end_sessions(ids));
  return state_->reload();
}

Result<void> Directory::end_sessions_of(const PersonId& person, std::string_view spared) {
  std::vector<SessionId> ended;
  for (const auto& session : sessions_of(person)) {
    if (session.id.str() != spared) ended.push_back(session.id);
  }
  return ended.empty() ? Result<void>() : end_sessions(ended);
}

std::vector<store::Session> Directory::sessions_of(const PersonId& person) const {
  const auto now = state_->clock.now();
  const std::shared_lock lock(state_->mutex);
  std::vector<store::Session> sessions;
  for (const auto& [hash, session] : state_->tables.sessions) {
    if (session.person == person && !Tables::is_over(session, state_->limits, now))
      sessions.push_back(session);
  }
  return sessions;
}

std::optional<store::Person> Directory::person(const PersonId& id) const {
  const std::shared_lock lock(state_->mutex);
  const auto* found = state_->tables.person(id.str());
  return found == nullptr ? std::nullopt : std::optional(*found);
}

bool Directory::has_tenant(const store::Person& person) const {
  const std::shared_lock lock(state_->mutex);
  return rights_of(state_->tables, person, "").has_value();
}

std::optional<store::Person> Directory::person_by_login(std::string_view login) const {
  const std::shared_lock lock(state_->mutex);
  const auto found = state_->tables.person_by_login.find(to_lower(login));
  if (found == state_->tables.person_by_login.end()) return {};
  return *state_->tables.person(found->second);
}

std::optional<store::Person> Directory::person_by_external_id(std::string_view external_id) const {
  const std::shared_lock lock(state_->mutex);
  const auto found = state_->tables.person_by_external.find(external_id);
  if (found == state_->tables.person_by_external.end()) return {};
  return *state_->tables.person(found->second);
}

std::vector<store::Person> Directory::people() const {
  std::vector<store::Person> people;
  {
    const std::shared_lock lock(state_->mutex);
    for (const auto& [id, person] : state_->tables.people) people.push_back(person);
  }
  std::sort(people.begin(), people.end(), [](const auto& a, const auto& b) { return a.login < b.login; });
  return people;
}

Result<store::Person> Directory::add_person(store::Person person) {
  TOCSIN_TRY(made, state_->store.add_person(std::move(person)));
  TOCSIN_CHECK(state_->reload());
  return made;
}

Result<store::Person> Directory::update_person(store::Person person) {
  TOCSIN_TRY(after, state_->store.update_person(std::move(person)));
  if (after.disabled) TOCSIN_CHECK(end_sessions_of(after.id));
  TOCSIN_CHECK(state_->reload());
  return after;
}

Result<Directory::NewKey> Directory::add_key(store::ApiKey key) {
  const auto now = state_->clock.now();
  auto token = make_token(key.role == model::Role::kIngest ? TokenKind::kIngest : TokenKind::kApiKey);
  key.id = KeyId::make(now);
  key.created_at = now;
  key.token_hash = std::move(token.hash);
  TOCSIN_CHECK(state_->store.add_key(key));
  TOCSIN_CHECK(state_->reload());
  return NewKey{std::move(key), std::move(token.text)};
}

Result<void> Directory::revoke_key(const KeyId& id) {
  TOCSIN_CHECK(state_->store.revoke_key(id));
  return state_->reload();
}

std::vector<store::ApiKey> Directory::keys(std::int64_t tenant) const {
  std::vector<store::ApiKey> keys;
  {
    const std::shared_lock lock(state_->mutex);
    for (const auto& [hash, key] : state_->tables.keys) {
      if (key.tenant == tenant) keys.push_back(key);
    }
  }
  std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return keys;
}

std::vector<store::Tenant> Directory::tenants() const {
  std::vector<store::Tenant> tenants;
  {
    const std::shared_lock lock(state_->mutex);
    for (const auto& [number, tenant] : state_->tables.tenants) tenants.push_back(tenant);
  }
  std::sort(tenants.begin(), tenants.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return tenants;
}

std::optional<store::Tenant> Directory::tenant(std::int64_t number) const {
  const std::shared_lock lock(state_->mutex);
  const auto found = state_->tables.tenants.find(number);
  if (found == state_->tables.tenants.end()) return {};
  return found->second;
}

std::optional<store::Tenant> Directory::tenant_by_name(std::string_view name) const {
  const std::shared_lock lock(state_->mutex);
  const auto* found = state_->tables.tenant_named(name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

Result<store::Tenant> Directory::add_tenant(store::Tenant tenant) {
  TOCSIN_TRY(made, state_->store.add_tenant(std::move(tenant)));
  TOCSIN_CHECK(state_->reload());
  return made;
}

Result<store::Tenant> Directory::update_tenant(store::Tenant tenant) {
  TOCSIN_TRY(after, state_->store.update_tenant(std::move(tenant)));
  TOCSIN_CHECK(state_->reload());
  return after;
}

void Directory::on_change(std::function<void()> changed) {
  state_->changed = std::move(changed);
}

}  // namespace tocsin::auth
