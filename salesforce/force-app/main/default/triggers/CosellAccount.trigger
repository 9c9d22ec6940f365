trigger CosellAccount on Account (after update) {
    CosellPartyTrigger.run();
}
