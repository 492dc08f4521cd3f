#pragma once
// Who sent a request, as routes ask for it.

#include <string>

#include "base/result.h"
#include "http/http.h"
#include "model/access.h"
#include "store/acting.h"

namespace tocsin::api {

// Where nobody is asked to sign in, the local admin.
const model::Principal& caller_of(const http::Request& request);

// Whether they administer the installation: every tenant, and the tenants themselves.
inline bool is_provider(const model::Principal& caller) {
  return caller.role == model::Role::kAdmin;
}

// For the audit log: who, by what means and from where.
store::Origin origin_of(const http::Request& request);

// The name under which this thread's writes are recorded (store/acting.h).
const std::string& actor();

// kForbidden, naming the verb and the roles that have it.
Result<void> require(const http::Request& request, model::Verb verb);
Error forbidden(const model::Principal& caller, model::Verb verb);

}  // namespace tocsin::api
