#pragma once
// Token buckets by key: client addresses in the server, keys and tenants in the layers above.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/token_bucket.h"
#include "http/http.h"

namespace tocsin::http {

struct Rate {
  double per_second = 0;  // 0: no limit
  double burst = 0;
};

// Thread-safe. Remembers so many keys; the one that has not come for longest is forgotten first, which gives
// it a full bucket.
class RateLimiter {
 public:
  static constexpr std::size_t kShards = 16;

  explicit RateLimiter(Rate rate, std::size_t max_keys = 64 * 1024);

  // Absent: go on. Else after how many seconds to come back, at least 1.
  std::optional<std::chrono::seconds> take(std::string_view key, TokenBucket::Time now);

  std::size_t size() const;

 private:
  struct Entry {
    std::string key;
    TokenBucket bucket;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::list<Entry> entries;  // newest first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> index;
  };
  TokenBucket& find(Shard& shard, std::string_view key, TokenBucket::Time now) const;

  Rate rate_;
  std::size_t max_per_shard_;
  std::array<Shard, kShards> shards_;
};

// The key of a client address: the address itself; of IPv6 its /64, which is what one customer gets.
std::string client_key(std::string_view address);

// True for 127/8 and ::1, mapped too.
bool is_loopback_address(std::string_view address);

// 429 with Retry-After.
Response too_many_requests(std::chrono::seconds retry_after, std::string_view trace_id);

}  // namespace tocsin::http
