#pragma once
// One line of the log for each request that was refused for who sent it or how often: 401, 403, 429.
//
//   {"event":"request_refused","status":403,"method":"PATCH","route":"/api/v1/alerts/{id}","client":"192.0.2.7",
//    "caller":"rita"}
//
// A flood of them costs 10 lines a second; the next line then says how many were left out.

#include <mutex>

#include "base/token_bucket.h"
#include "http/server.h"
#include "observe/log.h"

namespace tocsin::app {

class AccessLog {
 public:
  AccessLog(const observe::Log& log, TokenBucket::Time now);
  // Any thread. Other statuses are passed over.
  void note(const http::RequestRecord& record, TokenBucket::Time now);

 private:
  const observe::Log& log_;
  std::mutex mutex_;
  TokenBucket bucket_;
  std::int64_t left_out_ = 0;
};

}  // namespace tocsin::app
