#include "app/access_log.h"

#include <utility>

namespace tocsin::app {
namespace {

constexpr double kLinesPerSecond = 10;
constexpr double kLinesAtOnce = 100;

bool is_refusal(int status) {
  return status == 401 || status == 403 || status == 429;
}

}  // namespace

AccessLog::AccessLog(const observe::Log& log, TokenBucket::Time now)
    : log_(log), bucket_(kLinesPerSecond, kLinesAtOnce, now) {}

void AccessLog::note(const http::RequestRecord& record, TokenBucket::Time now) {
  if (!is_refusal(record.status)) return;
  std::int64_t left_out = 0;
  {
    const std::lock_guard lock(mutex_);
    if (bucket_.take(now)) {
      ++left_out_;
      return;
    }
    left_out = std::exchange(left_out_, 0);
  }
  log_.warn("request_refused",
            {{"status", record.status},
             {"method", http::to_text(record.method)},
             {"route", record.pattern},
             {"client", record.client},
             {"caller", record.caller},
             {"left_out", left_out}},
            record.trace_id);
}

}  // namespace tocsin::app
