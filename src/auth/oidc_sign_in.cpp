#include "auth/oidc_sign_in.h"

#include <algorithm>

#include "base/display_text.h"
#include "store/acting.h"

namespace tocsin::auth {
namespace {

constexpr int kAtOnce = 2;
constexpr std::size_t kMaxName = 200;
constexpr std::int64_t kDefaultTenant = 1;

Error refused(std::string message, std::string hint, const store::Person& who = {}) {
  return error(ErrorKind::kForbidden, "sign in with OpenID Connect", std::move(message), std::move(hint),
               who.login);
}

// One of those that may ask the provider now; false when there are enough.
class Slot {
 public:
  explicit Slot(std::atomic<int>& taken) : taken_(taken), is_mine_(taken.fetch_add(1) < kAtOnce) {}
  ~Slot() { taken_.fetch_sub(1); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  explicit operator bool() const noexcept { return is_mine_; }

 private:
  std::atomic<int>& taken_;
  bool is_mine_;
};

Error busy() {
  return error(ErrorKind::kBusy, "sign in with OpenID Connect", "too many wait for the provider",
               "try again in a few seconds");
}

std::string external_id(const OidcIdentity& who) {
  return who.issuer + " " + who.subject;
}

// The role in the default tenant is the provider's; the scope that people here gave it stays.
void set_role(store::Person& person, model::Role role) {
  const auto grant = std::find_if(person.grants.begin(), person.grants.end(),
                                  [](const store::Grant& g) { return g.tenant == kDefaultTenant; });
  if (grant != person.grants.end())
    grant->role = role;
  else
    person.grants.push_back({kDefaultTenant, role, {}});
}

std::string host_of(std::string_view url) {
  const auto begin = url.find("://") + 3;
  return std::string(url.substr(begin, url.find_first_of(":/", begin) - begin));
}

store::Origin as(const OidcIdentity& who) {
  auto origin = store::Acting::current();
  origin.actor = display_text(who.username, kMaxName);
  origin.kind = store::ActorKind::kPerson;
  return origin;
}

}  // namespace

OidcSignIn::OidcSignIn(OidcOptions options, Fetch fetch, const SecretBox& secrets, Directory& directory,
                       const Clock& clock)
    : display_name_(options.display_name.empty() ? host_of(options.issuer)
                                                 : display_text(options.display_name, kMaxName)),
      client_(std::move(options), std::move(fetch), secrets, clock),
      directory_(directory),
      clock_(clock) {}

Result<OidcStart> OidcSignIn::begin(std::string_view return_to) {
  const Slot slot(under_way_);
  return slot ? client_.begin(return_to) : Result<OidcStart>(busy());
}

Result<OidcSignIn::SignedIn> OidcSignIn::finish(const OidcCallback& callback, const Browser& browser) {
  const Slot slot(under_way_);
  if (!slot) return busy();
  TOCSIN_TRY(who, client_.finish(callback));
  const store::Acting acting(as(who));
  auto person = admit(who);
  // Somebody changed the person meanwhile, perhaps the same sign-in in another window.
  if (!person && person.error().kind == ErrorKind::kConflict) person = admit(who);
  if (!person) return std::move(person).error();
  if (!directory_.has_tenant(*person))
    return refused("every tenant that you belong to is suspended", "Ask an admin.", *person);
  if (browser.ends) TOCSIN_CHECK(directory_.end_sessions({*browser.ends}));
  TOCSIN_TRY(session, directory_.begin_session(*person, browser.address, browser.user_agent));
  return SignedIn{*std::move(person), std::move(session), who.return_to};
}

Result<store::Person> OidcSignIn::admit(const OidcIdentity& who) {
  const auto role = model::parse_role(who.role);
  if (!role) return refused("'" + who.role + "' is no role", "Correct auth.oidc.roles.");
  auto person = directory_.person_by_external_id(external_id(who));
  if (!person) return add(who, *role);
  if (person->disabled)
    return refused("your account here is disabled", "Ask an admin to enable it.", *person);
  set_role(*person, *role);
  person->name = display_text(who.display_name.empty() ? who.username : who.display_name, kMaxName);
  person->last_sign_in = clock_.now();
  return directory_.update_person(*std::move(person));
}

Result<store::Person> OidcSignIn::add(const OidcIdentity& who, model::Role role) {
  // The first person ends the open mode; somebody must be left who can let others in.
  if (role != model::Role::kAdmin && !directory_.has_admin())
    return refused("there is no admin yet, and this is none", "Let an admin sign in first.");
  store::Person person;
  person.login = free_login(who);
  person.name = display_text(who.display_name.empty() ? who.username : who.display_name, kMaxName);
  person.external_id = external_id(who);
  person.last_sign_in = clock_.now();
  set_role(person, role);
  return directory_.add_person(std::move(person));
}

std::string OidcSignIn::free_login(const OidcIdentity& who) const {
  auto login = display_text(who.username, kMaxName);
  const bool is_taken = directory_.person_by_login(login).has_value();
  return is_taken ? login + "@" + host_of(who.issuer) : login;
}

}  // namespace tocsin::auth
