"""How blocks of a page are built: which templates of the phrase bank stand in which order.

A plan is a row of slots; each slot takes lines of some templates, or stays
empty. A wall, for example, has a heading, a pitch, bullets, a price, a button,
a log-in line and small print, and seldom all of them.
"""

from classifier.labels import PAYWALL, SPONSORED
from training.written.slots import BULLET, BUTTON, TEXT, AdList, Plan, slot

_LOG_IN = slot("log_in_already_subscriber", 0.6)
_FORM = slot("log_in_register forgot_password my_account", 0.4, 3, TEXT, PAYWALL)
_TEASERS = slot("related_teaser title product_name", 0.4, 4, BULLET, SPONSORED)
_SMALL_PRINT = slot("vat_small_print renews_at_price already_paid_print", 0.4, 2)
_PRICE = slot("trial_price cheap_first_month yearly_deal price_line student_or_gift", 0.6, 3)
_BENEFITS = slot("benefits_list unlimited_access all_devices cancel_any_time", 0.6, 5, BULLET)
_BUTTON = slot("offer_button subscribe_to_continue choose_plan", 0.7, 2, BUTTON)
_GATE = "subscribe_to_continue article_for_subscribers rest_hidden member_exclusive"

WALLS: tuple[Plan, ...] = (
    (
        slot("subscriber_only premium_marker", 0.3),
        slot(_GATE),
        slot("why_wall_explained unlimited_access offer_heading", 0.4, 2),
        _PRICE,
        _BENEFITS,
        _BUTTON,
        _LOG_IN,
        _FORM,
        _SMALL_PRINT,
    ),
    (
        slot("limit_reached articles_left last_free_article"),
        slot("meter_resets", 0.2),
        slot("register_free_to_read subscribe_to_continue", 0.7),
        _PRICE,
        _BUTTON,
        _LOG_IN,
    ),
    (
        slot("subscription_expired payment_failed trial_expired not_included_in_plan"),
        slot("article_for_subscribers rest_hidden", 0.4),
        _BUTTON,
        _LOG_IN,
    ),
    (slot("register_free_to_read"), _BENEFITS, _BUTTON, _LOG_IN, _FORM),
    (slot(_GATE), _LOG_IN, _FORM),
    (slot("app_only"), slot("offer_button", 0.4, 1, BUTTON)),
    (slot("subscriber_comments"), _BUTTON, _LOG_IN),
    (slot("account_shared", 1, 2), slot("offer_button choose_plan", 0.5, 2, BUTTON)),
)
OFFERS: tuple[Plan, ...] = (
    (
        slot("offer_heading choose_plan"),
        slot("trial_price cheap_first_month yearly_deal price_line student_or_gift", 1, 4),
        _BENEFITS,
        slot("offer_ends cancel_any_time", 0.4),
        _BUTTON,
        _SMALL_PRINT,
    ),
    (slot("epaper_print magazine_issue", 1, 2), slot("all_devices", 0.4), _BUTTON),
    (slot("cheap_first_month trial_price yearly_deal"), _BUTTON),
    (
        slot("support_journalism"),
        slot("independent_no_ads", 0.6, 2),
        slot("donation_progress", 0.3),
        slot("donate_amount", 0.6, 3, BUTTON),
        slot("bank_details", 0.4, 2),
        slot("become_member", 0.4),
    ),
    (slot("become_member"), _BENEFITS, slot("donate_amount", 0.4, 3, BUTTON)),
    (slot("tip_author", 1, 2), slot("donate_amount", 0.5, 2, BUTTON)),
    (
        slot("accept_or_subscribe ad_free_subscription"),
        slot("ad_free_subscription", 0.5, 2),
        slot("accept_or_subscribe", 0.5, 2, BUTTON),
        _LOG_IN,
    ),
    (
        slot("adblock_wall"),
        slot("adblock_wall independent_no_ads", 0.5),
        slot("adblock_steps", 0.5, 5),
        _BUTTON,
    ),
)
MARKERS: tuple[Plan, ...] = ((slot("premium_marker subscriber_only"),),)
INLINE_ADS: tuple[Plan, ...] = (
    (
        slot("advertisement ad_placeholder ad_slot"),
        slot("close_ad story_continues_below", 0.3),
    ),
    (slot("story_continues_below"),),
    (slot("buy_at_price", 1, 3), slot("coupon_code deal_box", 0.3)),
    (slot("deal_box coupon_code", 1, 2), slot("buy_at_price", 0.5, 2, BUTTON)),
)
DISCLOSURES: tuple[Plan, ...] = (
    (
        slot("sponsored_post paid_partner_content pr_label"),
        slot("presented_by commissioned_disclosure", 0.5),
    ),
    (slot("presented_by"),),
    (slot("commission_disclosure"),),
)
SIDE_ADS: tuple[Plan, ...] = (
    (slot("advertisement ad_slot"), slot("ad_placeholder close_ad ad_slot", 0.4, 2)),
    (
        slot("from_the_web recommended_by_network advertisement pr_label", 0.8),
        slot("clickbait_teaser text_ads", 1, 6),
        _TEASERS,
        slot("recommended_by_network", 0.3),
    ),
    (slot("shop_offer", 1, 2), slot("event_tickets job_ads", 0.5, 2)),
    (slot("from_the_web pr_label", 0.5), slot("text_ads partner_names", 1, 8, BULLET)),
    (slot("sponsored_post pr_label paid_partner_content"), _TEASERS._replace(chance=1.0)),
    (slot("service_links", 0.6), slot("coupon_code service_links text_ads", 1, 4, BULLET)),
    (slot("classifieds", 0.5), slot("job_ads event_tickets", 1, 4, BULLET)),
    (slot("paid_partner_content sponsored_post"), slot("text_ads presented_by", 0.7, 3)),
    (slot("coupon_code deal_box", 1, 4, BULLET),),
)
# What shops and ad networks show: each item between the same few lines that say what it is.
AD_LISTS: tuple[AdList, ...] = (
    AdList(
        (slot("advertisement pr_label from_the_web shop_offer", 0.5),),
        (
            slot("product_name shop_offer", 1, 1, TEXT, SPONSORED),
            slot("product_price", 0.8, 2, TEXT, SPONSORED),
            slot("specs description", 0.2, 2, TEXT, SPONSORED),
            slot("buy_at_price", 0.3, 1, BUTTON),
        ),
        (
            slot("advertisement pr_label sponsored_post"),
            slot("close_ad presented_by commission_disclosure", 0.4, 3),
        ),
        12,
    ),
    AdList(
        (slot("from_the_web recommended_by_network pr_label", 0.7),),
        (
            slot("clickbait_teaser title related_teaser", 1, 1, TEXT, SPONSORED),
            slot("partner_names", 0.5),
        ),
        (
            slot(
                "advertisement pr_label paid_partner_content sponsored_post recommended_by_network"
            ),
        ),
        8,
    ),
    AdList(
        (slot("classifieds coupon_code shop_offer", 0.5),),
        (slot("partner_names", 1, 4, BULLET),),
        (slot("coupon_code advertisement pr_label shop_offer"),),
        8,
    ),
    AdList((), (slot("ad_slot"),), (slot("close_ad", 1, 4),), 12),
)
# Products that a shop shows amid an article of its own: nothing says so, but how many there are.
SHOP_TILES: tuple[AdList, ...] = (
    AdList(
        (slot("shop_offer", 0.3),),
        (
            slot("product_name", 1, 1, TEXT, SPONSORED),
            slot("specs", 0.3, 1, BUTTON, SPONSORED),
            slot("product_price", 0.9, 2, BUTTON, SPONSORED),
        ),
        (slot("buy_at_price", 1, 1, BUTTON),),
        9,
    ),
    AdList(
        (),
        (
            slot("specs", 0.7, 3, BUTTON, SPONSORED),
            slot("product_name", 1, 1, TEXT, SPONSORED),
            slot("product_price buy_at_price", 0.9, 1, BUTTON, SPONSORED),
        ),
        (),
        12,
    ),
)
FURNITURE: tuple[Plan, ...] = (
    (slot("cookie_notice"), slot("privacy_choices", 0.4), slot("cookie_buttons", 1, 3, BUTTON)),
    (slot("share_buttons copy_link print_save", 1, 5, BULLET),),
    (
        slot("comment_form comments_closed"),
        slot("comment_rules", 0.5),
        slot("log_in_register reply_report", 0.6, 2, BUTTON),
    ),
    (slot("newsletter_signup"), slot("newsletter_confirm", 0.4)),
    (slot("log_in_register menu_subscribe", 1, 2), slot("forgot_password my_account", 0.7, 2)),
    (slot("menu_subscribe sections", 1, 4, BULLET),),
    (slot("related_heading most_read"), slot("related_teaser read_more", 1, 4)),
    (slot("follow_us app_promo", 1, 2), slot("share_buttons", 0.4, 3, BULLET)),
    (slot("imprint_contact accessibility", 0.6), slot("footer_legal", 1, 2)),
)
# Content that resembles the other labels: paragraphs on one matter.
HARD_NEGATIVES: tuple[Plan, ...] = (
    *(
        (
            slot(headline, 0.3),
            slot(" ".join(f"{kind}_{number}" for number in range(1, 5)), 1, 3),
        )
        for kind, headline in (
            ("about_subscriptions", "headline_subscriptions"),
            ("about_advertising", "headline_advertising"),
            ("about_cookies_privacy", "headline_cookies"),
            ("documentation_login", "faq_account"),
            ("donation_in_news", "headline_donation"),
            ("price_in_review", "product_price"),
            ("says_share_or_print", "section_heading"),
            ("software_pricing", "faq_account"),
        )
    ),
    (slot("post answer", 1, 2),),
    (slot("product_name"), slot("product_price", 0.6), slot("description specs", 1, 3)),
    (slot("ingredient step", 1, 3),),
)
PAGE: Plan = (
    slot("skip_to_content", 0.5),
    slot("sections log_in_register", 1, 3, BULLET),
    slot("breadcrumbs", 0.5),
    slot("title"),
    slot("standfirst", 0.7),
    slot("byline", 0.8),
    slot("dateline", 0.8),
    slot("share_buttons", 0.6, 3, BULLET),
    slot("body", 1, 4),
    slot("quote section_heading caption", 0.6, 2),
    slot("about_subscriptions_1 about_advertising_1 donation_in_news_1 price_in_review_1", 1, 3),
    slot("says_share_or_print_1 says_share_or_print_2 price_in_review_2", 0.7, 2),
    slot("share_buttons copy_link", 0.5, 3, BULLET),
    slot("related_heading most_read"),
    slot("related_teaser read_more", 1, 3),
    slot("newsletter_signup", 0.5),
    slot("comment_form comments_closed", 0.5),
    slot("footer_legal imprint_contact", 1, 2),
)
