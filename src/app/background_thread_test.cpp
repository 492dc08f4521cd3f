#include "app/background_thread.h"

#include <gtest/gtest.h>

#include <chrono>
#include <semaphore>

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

TEST(BackgroundThread, IsWokenByWhatCameBeforeItSlept) {
  BackgroundThread thread;
  std::counting_semaphore<8> rounds(0);
  thread.notify();
  thread.start("test", [&](BackgroundThread::Rest& rest) {
    while (!rest.is_stopping()) {
      rest.until_notified(1h);
      if (!rest.is_stopping()) rounds.release();
    }
  });
  ASSERT_TRUE(rounds.try_acquire_for(60s));
  thread.notify();
  ASSERT_TRUE(rounds.try_acquire_for(60s));
  EXPECT_TRUE(thread.stop());
  EXPECT_FALSE(rounds.try_acquire());  // two notices were two rounds
}

TEST(BackgroundThread, APauseIsNotEndedByANoticeAndTheNextSleepIs) {
  BackgroundThread thread;
  std::binary_semaphore paused(0);
  std::binary_semaphore woken(0);
  thread.start("test", [&](BackgroundThread::Rest& rest) {
    thread.notify();
    rest.pause(1ms);
    paused.release();
    rest.until_notified(1h);
    woken.release();
  });
  EXPECT_TRUE(paused.try_acquire_for(60s));
  EXPECT_TRUE(woken.try_acquire_for(60s));
}

TEST(BackgroundThread, StopEndsALongPause) {
  BackgroundThread thread;
  std::binary_semaphore begun(0);
  bool stopping = false;
  thread.start("test", [&](BackgroundThread::Rest& rest) {
    begun.release();
    rest.pause(24h);
    stopping = rest.is_stopping();
  });
  ASSERT_TRUE(begun.try_acquire_for(60s));
  EXPECT_TRUE(thread.stop());
  EXPECT_TRUE(stopping);
  EXPECT_FALSE(thread.stop());
}

}  // namespace
}  // namespace tocsin::app
