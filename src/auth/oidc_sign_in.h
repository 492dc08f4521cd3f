#pragma once
// From what an OpenID provider says of somebody to a person and a session here.
//
// A person is found by issuer and subject, never by name or address: a local account is not taken over by
// somebody whom the provider calls the same. Who comes for the first time is added. The role in the default
// tenant is the provider's, anew at each sign-in; roles in other tenants and the scope of alerts are what
// people here decided. A second factor is the provider's business: one of ours is not asked for.

#include <atomic>
#include <optional>
#include <string>

#include "auth/directory.h"
#include "auth/oidc.h"

namespace tocsin::auth {

class OidcSignIn {
 public:
  // All outlive it. `options` were checked (OidcClient::check, oidc_options).
  OidcSignIn(OidcOptions options, Fetch fetch, const SecretBox& secrets, Directory& directory,
             const Clock& clock);

  // What people know the provider by.
  const std::string& display_name() const noexcept { return display_name_; }

  struct Browser {
    std::string address;
    std::string user_agent;
    std::optional<SessionId> ends;  // the session that it had before: a new one takes its place
  };
  struct SignedIn {
    store::Person person;
    Directory::NewSession session;
    std::string return_to;
  };

  // Both may wait ten seconds for the provider; beyond two at a time they answer kBusy, so that a slow
  // provider cannot take the threads of everybody else.
  Result<OidcStart> begin(std::string_view return_to);
  // kForbidden also when the person is disabled, when all their tenants are suspended, and when there is no
  // admin yet and this is none; `where` is the sign-in name of whom it is about, when they are known here.
  Result<SignedIn> finish(const OidcCallback& callback, const Browser& browser);

 private:
  Result<store::Person> admit(const OidcIdentity& who);
  Result<store::Person> add(const OidcIdentity& who, model::Role role);
  std::string free_login(const OidcIdentity& who) const;

  std::string display_name_;
  OidcClient client_;
  Directory& directory_;
  const Clock& clock_;
  std::atomic<int> under_way_{0};
};

}  // namespace tocsin::auth
