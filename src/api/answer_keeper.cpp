#include "api/answer_keeper.h"

#include <algorithm>

#include "api/caller.h"
#include "base/hash.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kMaxKey = 200;

std::uint64_t hash_of(const http::Request& request) {
  FieldHasher hasher;
  // Names of keys are not unique, and the same one may see less by now.
  const auto& caller = caller_of(request);
  hasher.add(caller.id);
  for (const auto& source : caller.scope.sources) hasher.add("source").add(source);
  for (const auto& group : caller.scope.asset_groups) hasher.add("group").add(group);
  hasher.add(actor()).add(to_text(request.method)).add(request.path);
  for (const auto& [name, value] : request.query) hasher.add(name).add(value);
  return hasher.add(request.content_type()).add(request.body).finish();
}

// What was done, and is answered with a text that can be kept: one that shows a password or a token cannot.
bool is_kept(const http::Response& response) {
  const bool is_secret = std::any_of(
      response.headers.begin(), response.headers.end(),
      [](const auto& header) { return header.first == "Cache-Control" && header.second == "no-store"; });
  return response.status >= 200 && response.status < 300 && response.static_body.empty() &&
         !response.next_piece && !is_secret;
}

}  // namespace

Result<std::string> idempotency_key(const http::Request& request) {
  const auto key = request.header("Idempotency-Key");
  if (key.size() <= kMaxKey) return std::string(key);
  return error(ErrorKind::kInvalidInput, "read headers", "the Idempotency-Key is longer than 200 bytes", {},
               "Idempotency-Key");
}

// The right to use a key: one call at a time.
class AnswerKeeper::Turn {
 public:
  Turn(AnswerKeeper& keeper, const std::string& key) : keeper_(keeper), key_(key) {
    const std::lock_guard lock(keeper_.mutex_);
    mine_ = keeper_.under_way_.insert(key_).second;
  }
  ~Turn() {
    if (!mine_) return;
    const std::lock_guard lock(keeper_.mutex_);
    keeper_.under_way_.erase(key_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool mine() const { return mine_; }

 private:
  AnswerKeeper& keeper_;
  const std::string& key_;
  bool mine_ = false;
};

Result<http::Response> AnswerKeeper::once(const http::Request& request,
                                          const std::function<Result<http::Response>()>& call) {
  TOCSIN_TRY(key, idempotency_key(request));
  if (key.empty()) return call();
  const Turn turn(*this, key);
  if (!turn.mine()) {
    return error(ErrorKind::kConflict, "use an Idempotency-Key",
                 "a call with this Idempotency-Key is still going on", "send it again in a second");
  }
  return answer(key, request, call);
}

Result<http::Response> AnswerKeeper::answer(const std::string& key, const http::Request& request,
                                            const std::function<Result<http::Response>()>& call) {
  const auto hash = hash_of(request);
  TOCSIN_TRY(kept, store_.kept_answer(key));
  if (kept && kept->request_hash != hash) {
    return error(ErrorKind::kInvalidInput, "use an Idempotency-Key",
                 "Idempotency-Key reused with another request", "use a new key for a new request",
                 "Idempotency-Key");
  }
  if (kept) return http::Response{kept->status, std::move(kept->headers), std::move(kept->body), {}};
  TOCSIN_TRY(response, call());
  // The change was made and is answered as such, whether or not the answer could be kept.
  if (is_kept(response))
    (void)store_.keep_answer(key, {hash, response.status, response.headers, response.body});
  return response;
}

}  // namespace tocsin::api
