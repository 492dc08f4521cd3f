#pragma once
// Signing in and the administration of access, as its routes use them; one for the process, whatever the
// tenant.

#include <functional>

#include "auth/directory.h"
#include "auth/oidc_sign_in.h"
#include "auth/password_pool.h"
#include "auth/refusal_log.h"
#include "auth/secret_box.h"
#include "auth/sign_in.h"
#include "http/http.h"
#include "store/store.h"

namespace tocsin::api {

struct Access {
  auth::Directory& directory;
  auth::SignIn& sign_in;
  auth::PasswordPool& pool;
  const auth::SecretBox& secrets;
  const Clock& clock;
  bool open_allowed = true;  // requests may act as the local admin while no person is known
  auth::PasswordCost cost{};
  auth::OidcSignIn* oidc = nullptr;      // null: no provider is set up
  auth::RefusalLog* refusals = nullptr;  // null: nobody asks
  std::function<Result<store::Counts>(store::TenantId tenant)> counts_of{};
};

}  // namespace tocsin::api
