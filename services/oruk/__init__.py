"""The directory as Open Referral UK 3.0, the national standard for data about services.

identifiers <- taxonomies <- schema <- parameters, near, filters <- export <- openapi <- api, urls
"""
