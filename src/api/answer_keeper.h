#pragma once
// Idempotency-Key for every call that changes something: the first answer is kept for a day, the same call
// under the same key gets it again and changes nothing, another call under that key gets 422. Deliveries of
// alerts have their own, inside the transaction that stores the alerts (store::IngestBatch).
//
// Only answers that say that it was done (2xx) are kept: after a refusal the same key may be tried again. The
// answer is written after the change, so a crash between the two leaves the change without its answer.
// Thread-safe.

#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "http/http.h"
#include "store/store.h"

namespace tocsin::api {

// Empty when there is none; kInvalidInput when it is longer than 200 bytes.
Result<std::string> idempotency_key(const http::Request& request);

class AnswerKeeper {
 public:
  explicit AnswerKeeper(store::TenantStore& store) : store_(store) {}

  // Runs `call` unless the request's key has an answer. kConflict while the first call is still going on.
  Result<http::Response> once(const http::Request& request,
                              const std::function<Result<http::Response>()>& call);

 private:
  class Turn;
  Result<http::Response> answer(const std::string& key, const http::Request& request,
                                const std::function<Result<http::Response>()>& call);

  store::TenantStore& store_;
  std::mutex mutex_;
  std::set<std::string> under_way_;  // keys of the calls that run now
};

}  // namespace tocsin::api
