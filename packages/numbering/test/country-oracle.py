"""Prints numbers that libphonenumber holds to be valid, each with its country, made of its patterns by a seeded generator."""
import random
import sys

import phonenumbers

random.seed(7)
wanted = int(sys.argv[1])
regions = sorted(phonenumbers.SUPPORTED_REGIONS)
found = 0
while found < wanted:
    region = random.choice(regions)
    code = phonenumbers.country_code_for_region(region)
    example = phonenumbers.example_number_for_type(region, random.randrange(0, 2))
    if example is None:
        continue
    digits = phonenumbers.national_significant_number(example)
    kept = random.randrange(1, len(digits))
    made = digits[:kept] + "".join(random.choice("0123456789") for _ in digits[kept:])
    try:
        number = phonenumbers.parse(f"+{code}{made}")
    except phonenumbers.NumberParseException:
        continue
    if not phonenumbers.is_valid_number(number):
        continue
    country = phonenumbers.region_code_for_number(number)
    if country is not None:
        print(f"+{code}{phonenumbers.national_significant_number(number)} {country}")
        found += 1
