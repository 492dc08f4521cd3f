#include "http/io_loop.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>

#include "http/test_client.h"

namespace tocsin::http {
namespace {

struct Counter final : Wakeable {
  explicit Counter(std::atomic<int>& given) : woken(given) {}
  void on_wake() override { ++woken; }
  std::atomic<int>& woken;
};

TEST(Mailbox, ManyAnswersWakeTheLoopOnce) {
  IoLoop loop(std::chrono::seconds(1));
  std::promise<void> gate;
  std::atomic<int> woken{0};
  loop.start();
  asio::post(loop.context(), [&] { gate.get_future().wait(); });
  for (int i = 0; i < 64; ++i) loop.mailbox()->notify(std::make_shared<Counter>(woken));
  EXPECT_EQ(loop.mailbox()->posts(), 1U);
  gate.set_value();
  ASSERT_TRUE(test::eventually([&] { return woken == 64; }));
  loop.mailbox()->notify(std::make_shared<Counter>(woken));
  ASSERT_TRUE(test::eventually([&] { return woken == 65; }));
  EXPECT_EQ(loop.mailbox()->posts(), 2U);
}

TEST(Mailbox, LateAnswersFallIntoAClosedBox) {
  std::atomic<int> woken{0};
  auto loop = std::make_unique<IoLoop>(std::chrono::seconds(1));
  const auto mailbox = loop->mailbox();
  loop->start();
  std::jthread late([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) mailbox->notify(std::make_shared<Counter>(woken));
  });
  ASSERT_TRUE(test::eventually([&] { return woken > 0; }));
  loop.reset();
  const int before = woken;
  late.request_stop();
  late.join();
  EXPECT_EQ(woken, before);
}

}  // namespace
}  // namespace tocsin::http
