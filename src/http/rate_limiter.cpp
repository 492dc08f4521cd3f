#include "http/rate_limiter.h"

#include <boost/asio/ip/address.hpp>

#include "http/refusals.h"

namespace tocsin::http {
namespace {

constexpr std::size_t kNetworkBytes = 8;  // a /64

boost::asio::ip::address parse(std::string_view address) {
  boost::system::error_code ec;
  auto parsed = boost::asio::ip::make_address(address, ec);
  if (ec || !parsed.is_v6() || !parsed.to_v6().is_v4_mapped()) return parsed;
  return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, parsed.to_v6());
}

}  // namespace

RateLimiter::RateLimiter(Rate rate, std::size_t max_keys)
    : rate_(rate), max_per_shard_(std::max<std::size_t>(1, max_keys / kShards)) {}

std::optional<std::chrono::seconds> RateLimiter::take(std::string_view key, TokenBucket::Time now) {
  if (rate_.per_second <= 0) return std::nullopt;
  auto& shard = shards_[std::hash<std::string_view>{}(key) % kShards];
  const std::lock_guard lock(shard.mutex);
  const auto turn = find(shard, key, now).take(now);
  if (!turn) return std::nullopt;
  return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(*turn - now));
}

TokenBucket& RateLimiter::find(Shard& shard, std::string_view key, TokenBucket::Time now) const {
  if (const auto found = shard.index.find(key); found != shard.index.end()) {
    shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
    return found->second->bucket;
  }
  if (shard.entries.size() >= max_per_shard_) {
    shard.index.erase(shard.entries.back().key);
    shard.entries.pop_back();
  }
  shard.entries.push_front({std::string(key), TokenBucket(rate_.per_second, rate_.burst, now)});
  shard.index.emplace(shard.entries.front().key, shard.entries.begin());
  return shard.entries.front().bucket;
}

std::size_t RateLimiter::size() const {
  std::size_t count = 0;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    count += shard.entries.size();
  }
  return count;
}

std::string client_key(std::string_view address) {
  if (address.find(':') == std::string_view::npos) return std::string(address);
  const auto parsed = parse(address);
  if (!parsed.is_v6()) return parsed.to_string();
  const auto bytes = parsed.to_v6().to_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), kNetworkBytes};
}

bool is_loopback_address(std::string_view address) {
  return parse(address).is_loopback();
}

Response too_many_requests(std::chrono::seconds retry_after, std::string_view trace_id) {
  auto response = problem_response(too_busy("Too many requests from this client."), trace_id);
  for (auto& [name, value] : response.headers) {
    if (name == "Retry-After") value = std::to_string(retry_after.count());
  }
  return response;
}

}  // namespace tocsin::http
