void late()
{
    std::this_thread::sleep_for(std::chrono::seconds(1));
    QSKIP("some other day");
}
